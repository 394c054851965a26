package org.noprop.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.noprop.data.DamagedFileException;
import org.noprop.data.InvalidInputException;
import org.noprop.data.Json;
import org.noprop.diffusion.ContinuousSchedule;
import org.noprop.diffusion.MonotoneGamma;
import org.noprop.diffusion.NoiseSchedule;
import org.noprop.diffusion.TimeIntervals;
import org.noprop.label.HeadSettings;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.LearnedEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.label.PrototypeEmbedding;
import org.noprop.network.Block;
import org.noprop.network.ContinuousSettings;
import org.noprop.network.Method;
import org.noprop.nn.ImagePart;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.Tensor;

/**
 * {@code model.json}: what a model is beside its weights. A model is a file that others hand on, so that nothing in it is
 * taken on trust: keys and kinds that are not known are refused, and sizes are those of the tensors.
 *
 * @param alphaBar ᾱ_0 … ᾱ_T of NoProp-DT
 * @param cuts of the others, between the blocks' intervals
 * @param gamma γ of NoProp-CT
 * @param sigma σ of NoProp-FM
 * @param checksums SHA-256 of the files beside it, by name; null in models that were made before there were any
 */
@JsonNaming(KebabCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
record ModelJson(
        int schema,
        Title method,
        String run,
        int blocks,
        List<Double> alphaBar,
        List<Double> cuts,
        Gamma gamma,
        Double sigma,
        Labels labelEmbedding,
        int labelWidth,
        Head head,
        Network network,
        List<Integer> imageShape,
        List<String> classes,
        String embedder,
        String data,
        Inference inference,
        Map<String, String> checksums) {
    private static final int SCHEMA = 2;
    /** η and the cap weigh the loss, which inference has none of. */
    private static final double UNWEIGHTED = 1;
    /** Where γ may start in training. */
    private static final double MOST_GAMMA = 30;

    private static final int IMAGE_DIMENSIONS = 3;

    /** Which keys some models have and others have not. */
    private static final String[] OPTIONAL = {
        "/alpha-bar",
        "/cuts",
        "/gamma",
        "/sigma",
        "/checksums",
        "/head/sigma",
        "/network/width",
        "/network/channels",
        "/network/dropout",
        "/inference/noise"
    };

    enum Title {
        @JsonProperty("NoProp-DT")
        DT,
        @JsonProperty("NoProp-CT")
        CT,
        @JsonProperty("NoProp-FM")
        FM
    }

    enum Labels {
        @JsonProperty("one-hot")
        ONE_HOT,
        @JsonProperty("learned")
        LEARNED,
        @JsonProperty("prototype")
        PROTOTYPE
    }

    @JsonNaming(KebabCaseStrategy.class)
    record Gamma(GammaKind kind, double atOne, double atZero) {
        enum GammaKind {
            @JsonProperty("cosine")
            COSINE,
            @JsonProperty("linear")
            LINEAR,
            @JsonProperty("trained")
            TRAINED
        }

        private static Gamma of(ContinuousSchedule schedule) {
            GammaKind kind = schedule instanceof ContinuousSchedule.Cosine
                    ? GammaKind.COSINE
                    : schedule instanceof ContinuousSchedule.Linear ? GammaKind.LINEAR : GammaKind.TRAINED;
            return new Gamma(kind, schedule.gamma(1), schedule.gamma(0));
        }

        private Method.Continuous method(TimeIntervals intervals) {
            require(Math.max(Math.abs(atOne), Math.abs(atZero)) <= MOST_GAMMA, "gamma must end within ±" + MOST_GAMMA);
            ContinuousSchedule schedule =
                    switch (kind) {
                        case COSINE -> new ContinuousSchedule.Cosine(atOne, atZero);
                        case LINEAR -> new ContinuousSchedule.Linear(atOne, atZero);
                        case TRAINED -> MonotoneGamma.initial(atOne, atZero);
                    };
            return new Method.Continuous(
                    new ContinuousSettings(schedule, kind == GammaKind.TRAINED, UNWEIGHTED, Double.POSITIVE_INFINITY),
                    intervals);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Head(HeadKind kind, Double sigma) {
        enum HeadKind {
            @JsonProperty("linear")
            LINEAR,
            @JsonProperty("posterior")
            POSTERIOR
        }

        private static Head of(HeadSettings head) {
            return head instanceof HeadSettings.Posterior posterior
                    ? new Head(HeadKind.POSTERIOR, posterior.sigma())
                    : new Head(HeadKind.LINEAR, null);
        }

        private HeadSettings settings() {
            boolean posterior = kind == HeadKind.POSTERIOR;
            require(
                    posterior ? sigma != null && Double.isFinite(sigma) : sigma == null,
                    "head.sigma must be a finite number of a posterior head, and of no other");
            return posterior ? new HeadSettings.Posterior(sigma) : new HeadSettings.Linear();
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Network(NetworkKind kind, Integer width, Double dropout, List<Integer> channels) {
        enum NetworkKind {
            @JsonProperty("dense")
            DENSE,
            @JsonProperty("convolutional")
            CONVOLUTIONAL
        }

        private static Network of(ImagePart image) {
            return image instanceof ImagePart.Convolutions convolutions
                    ? new Network(NetworkKind.CONVOLUTIONAL, null, convolutions.dropout(), convolutions.channels())
                    : new Network(NetworkKind.DENSE, image.width(), null, null);
        }

        private ImagePart image(List<Integer> shape, int components) {
            boolean dense = kind == NetworkKind.DENSE;
            require(
                    dense ? dropout == null && channels == null : width == null,
                    "network must have the keys of its kind alone");
            if (dense) {
                require(width == null || width >= 2, "network.width must be >= 2");
                return width == null ? ImagePart.embedding(components) : new ImagePart.Embedding(components, width);
            }
            require(dropout != null && dropout >= 0 && dropout < 1, "network.dropout must be in [0, 1)");
            require(channels != null && channels.stream().allMatch(c -> c >= 1), "network.channels must be >= 1 each");
            require(shape.size() == IMAGE_DIMENSIONS, "image-shape must be [height, width, channels]");
            return new ImagePart.Convolutions(
                    new ImageShape(shape.get(0), shape.get(1), shape.get(2)), channels, dropout);
        }
    }

    @JsonNaming(KebabCaseStrategy.class)
    record Inference(long seed, Double noise, int runs, int batchSize, int steps, TimeSettings.Sampler sampler) {}

    /** The text of a model whose files have these checksums. */
    static String write(ModelSettings settings, ModelDescription description, Map<String, String> checksums) {
        Method method = settings.method();
        InferenceSettings inference = settings.inference();
        return Json.write(new ModelJson(
                SCHEMA,
                method instanceof Method.Discrete
                        ? Title.DT
                        : method instanceof Method.Continuous ? Title.CT : Title.FM,
                description.run(),
                method.blocks(),
                method instanceof Method.Discrete discrete
                        ? IntStream.rangeClosed(0, discrete.blocks())
                                .mapToObj(discrete.schedule()::alphaBar)
                                .toList()
                        : null,
                method instanceof Method.Continuous continuous
                        ? cuts(continuous.intervals())
                        : method instanceof Method.FlowMatching flow ? cuts(flow.intervals()) : null,
                method instanceof Method.Continuous continuous
                        ? Gamma.of(continuous.settings().schedule())
                        : null,
                method instanceof Method.FlowMatching flow ? flow.sigma() : null,
                settings.labels() instanceof PrototypeEmbedding
                        ? Labels.PROTOTYPE
                        : settings.labels().trainable() ? Labels.LEARNED : Labels.ONE_HOT,
                settings.labels().width(),
                Head.of(settings.head()),
                Network.of(settings.image()),
                description.imageShape(),
                description.classNames(),
                description.embedder(),
                description.data(),
                new Inference(
                        inference.seed(),
                        inference.noise(),
                        inference.runs(),
                        inference.batchSize(),
                        settings.time().steps(),
                        settings.time().sampler()),
                checksums));
    }

    private static List<Double> cuts(TimeIntervals intervals) {
        return IntStream.rangeClosed(0, intervals.count())
                .mapToObj(b -> b == 0 ? 0.0 : intervals.interval(b).to())
                .toList();
    }

    /**
     * The content of a text.
     *
     * @param file how messages name it
     * @throws InvalidInputException if it is none, or of another version
     */
    static ModelJson read(String text, String file) {
        if (Json.object(text, file).path("schema").asInt() != SCHEMA) {
            throw new InvalidInputException(
                    "Cannot read " + file + ": it is of another version; make the model again with evaluate --resume");
        }
        return Json.read(text, ModelJson.class, file, OPTIONAL);
    }

    ModelDescription description() {
        return new ModelDescription(run, imageShape, classes, embedder, data);
    }

    /**
     * The settings of a model of these parts.
     *
     * @param file how messages name the description
     * @throws DamagedFileException naming the key that is wrong or does not fit the tensors
     */
    ModelSettings settings(FileParts parts, String file) {
        try {
            require(imageShape.stream().allMatch(side -> side >= 1), "image-shape must be >= 1 each");
            require(classes.size() >= 2, "classes must be two or more");
            ImagePart image = network.image(imageShape, description().width());
            Method ofBlocks = ofBlocks();
            require(blocks == ofBlocks.blocks(), "blocks must be " + ofBlocks.blocks() + ", as its noise has steps");
            parts.requireFit(image, ofBlocks, classes.size());
            double noise = inference.noise == null ? 1 : inference.noise;
            return new ModelSettings(
                    ofBlocks,
                    labels(parts.tensors().get(Block.LABEL_EMBEDDING), image.components()),
                    head.settings(),
                    image,
                    new TimeSettings(inference.steps, inference.sampler),
                    new InferenceSettings(inference.seed, noise, inference.runs, inference.batchSize));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new DamagedFileException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private Method ofBlocks() {
        require((alphaBar != null) == (method == Title.DT), "alpha-bar belongs to NoProp-DT, and to it alone");
        require((cuts == null) == (method == Title.DT), "cuts belong to NoProp-CT and NoProp-FM, and to them alone");
        require((gamma != null) == (method == Title.CT), "gamma belongs to NoProp-CT, and to it alone");
        require((sigma != null) == (method == Title.FM), "sigma belongs to NoProp-FM, and to it alone");
        if (method == Title.DT) {
            return new Method.Discrete(NoiseSchedule.of(numbers(alphaBar)), UNWEIGHTED, UNWEIGHTED);
        }
        TimeIntervals intervals = TimeIntervals.between(numbers(cuts));
        if (method == Title.CT) {
            return gamma.method(intervals);
        }
        require(Double.isFinite(sigma) && sigma >= 0, "sigma must be finite and >= 0");
        require(inference.sampler != TimeSettings.Sampler.ANCESTRAL, "inference.sampler must be euler or heun");
        return new Method.FlowMatching(sigma, intervals);
    }

    /** One-hot ones of the first version have a matrix too. */
    private LabelEmbedding labels(Tensor matrix, int components) {
        int m = classes.size();
        boolean oneHot = labelEmbedding == Labels.ONE_HOT;
        require(
                matrix == null ? oneHot : Arrays.equals(matrix.shape(), new long[] {m, labelWidth}),
                "label-width and classes make a tensor " + Block.LABEL_EMBEDDING + " of [" + m + ", "
                        + labelWidth + "], but "
                        + (matrix == null ? "there is none" : "it is of " + Arrays.toString(matrix.shape())));
        if (oneHot) {
            OneHotEmbedding labels = new OneHotEmbedding(m);
            require(labelWidth == m, "label-width must be " + m + ", one for each class");
            require(matrix == null || isIdentity(matrix, m), "label-embedding is one-hot, and its tensor is not");
            return labels;
        }
        if (labelEmbedding == Labels.LEARNED) {
            return new LearnedEmbedding(m, labelWidth, matrix.values());
        }
        require(labelWidth == components, "label-width must be " + components + ", as an image has");
        return new PrototypeEmbedding(m, labelWidth, true, matrix.values());
    }

    private static boolean isIdentity(Tensor matrix, int m) {
        return IntStream.range(0, matrix.values().length).allMatch(i -> matrix.values()[i] == (i / m == i % m ? 1 : 0));
    }

    private static double[] numbers(List<Double> list) {
        return list.stream()
                .mapToDouble(number -> number == null ? Double.NaN : number)
                .toArray();
    }

    private static void require(boolean right, String rule) {
        if (!right) {
            throw new IllegalArgumentException(rule);
        }
    }
}
