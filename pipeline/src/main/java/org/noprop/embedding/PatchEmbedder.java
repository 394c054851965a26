package org.noprop.embedding;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.tensor.FloatMatrix;
import org.noprop.tensor.ImageShape;
import org.noprop.tensor.Product;
import org.noprop.tensor.Tensor;

/**
 * Patches of an image, whitened, compared with a dictionary, encoded and averaged over cells, then standardised or
 * reduced by whitened principal components. Everything was fitted to training images without labels.
 */
public final class PatchEmbedder implements ImageEmbedder {
    private static final int BATCH = 64;
    private static final long MOST_PIXELS = 1L << 26;

    private final PatchFeatures features;
    private final FeatureMap map;

    /** An embedder of what was fitted. */
    PatchEmbedder(PatchFeatures features, FeatureMap map) {
        this.features = features;
        this.map = map;
    }

    /**
     * The embedder that was stored.
     *
     * @param description what {@link #description()} gave
     * @param tensors what {@link #tensors} gave
     * @param file where they were found, for messages
     * @throws IllegalArgumentException if one is missing or of another size than the description says
     */
    public static PatchEmbedder of(String description, SortedMap<String, Tensor> tensors, String file) {
        PatchDescription read = PatchDescription.read(description, file);
        PatchGrid grid = read.grid();
        int count = read.fit().count();
        int length = Math.multiplyExact(Math.multiplyExact(grid.size(), grid.size()), grid.channels());
        int cells =
                Math.multiplyExact(read.settings().pooling(), read.settings().pooling());
        int features = Math.multiplyExact(2 * cells, count);
        int reduction = read.fit().reduction();
        if (count < 1
                || (long) grid.height() * grid.width() > MOST_PIXELS
                || !(read.settings().contrast() > 0)
                || (read.settings().encoding() instanceof NearestEncoding near
                        && (near.count() < 1 || near.count() > count))) {
            throw new IllegalArgumentException("There are no such patches: " + description);
        }
        PatchDictionary dictionary = new PatchDictionary(
                new Whitening(
                        values(tensors, "whitening.mean", length),
                        values(tensors, "whitening.matrix", Math.multiplyExact(length, length))),
                values(tensors, "atoms", Math.multiplyExact(count, length)));
        FeatureMap map = new FeatureMap(
                values(tensors, "features.mean", features),
                values(tensors, "features.factors", Math.multiplyExact(features, Math.max(1, reduction))));
        return new PatchEmbedder(new PatchFeatures(read, dictionary), map);
    }

    private static float[] values(SortedMap<String, Tensor> tensors, String name, int length) {
        Tensor tensor = tensors.get(name);
        if (tensor == null || tensor.values().length != length) {
            throw new IllegalArgumentException("There is no tensor " + name + " of " + length + " values");
        }
        return tensor.values();
    }

    @Override
    public SortedMap<String, Tensor> tensors() {
        PatchDictionary dictionary = features.dictionary();
        int length = dictionary.whitening().length();
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        tensors.put("whitening.mean", Tensor.vector(dictionary.whitening().mean()));
        tensors.put(
                "whitening.matrix",
                Tensor.matrix(length, length, dictionary.whitening().matrix()));
        tensors.put("atoms", Tensor.matrix(dictionary.count(), length, dictionary.atoms()));
        tensors.put("features.mean", Tensor.vector(map.mean()));
        tensors.put(
                "features.factors",
                map.reduces()
                        ? Tensor.matrix(map.mean().length, map.width(), map.factors())
                        : Tensor.vector(map.factors()));
        return tensors;
    }

    @Override
    public ImageShape images() {
        PatchGrid grid = features.description().grid();
        return new ImageShape(grid.height(), grid.width(), grid.channels());
    }

    @Override
    public List<Integer> shape() {
        return List.of(map.width());
    }

    @Override
    public int storedBytesPerComponent() {
        return Float.BYTES;
    }

    @Override
    public String description() {
        return features.description().json();
    }

    @Override
    public Session open() {
        PatchEncoder encoder = features.open();
        return map.reduces() ? new Reducing(encoder, map) : new Standardising(encoder, map);
    }

    /** Each feature by itself. */
    private record Standardising(PatchEncoder encoder, FeatureMap map) implements Session {
        @Override
        public int batch() {
            return 1;
        }

        @Override
        public List<float[]> embed(List<byte[]> images) {
            return images.stream().map(this::embed).toList();
        }

        private float[] embed(byte[] image) {
            float[] features = new float[map.width()];
            encoder.encode(image, features);
            for (int i = 0; i < features.length; i++) {
                features[i] = (features[i] - map.mean()[i]) * map.factors()[i];
            }
            return features;
        }

        @Override
        public void close() {
            encoder.close();
        }
    }

    /**
     * All features by a matrix: a product for a batch of images. A smaller batch is filled up, so that the kernels
     * of the product, and with them the last bits, are the same for every batch.
     */
    private static final class Reducing implements Session {
        private final PatchEncoder encoder;
        private final float[] features;
        private final float[] mean;
        private final int width;
        private final FloatMatrix input;
        private final FloatMatrix matrix;
        private final FloatMatrix output;
        private final Product product = Product.forward();

        Reducing(PatchEncoder encoder, FeatureMap map) {
            this.encoder = encoder;
            this.mean = map.mean();
            this.width = map.width();
            this.features = new float[mean.length];
            this.input = FloatMatrix.of(BATCH, mean.length);
            this.matrix = FloatMatrix.of(mean.length, width);
            this.output = FloatMatrix.of(BATCH, width);
            matrix.write(0, map.factors(), map.factors().length);
        }

        @Override
        public int batch() {
            return BATCH;
        }

        @Override
        public List<float[]> embed(List<byte[]> images) {
            List<float[]> embeddings = new ArrayList<>();
            for (int first = 0; first < images.size(); first += BATCH) {
                embedBatch(images.subList(first, Math.min(images.size(), first + BATCH)), embeddings);
            }
            return embeddings;
        }

        private void embedBatch(List<byte[]> images, List<float[]> embeddings) {
            for (int row = 0; row < images.size(); row++) {
                encoder.encode(images.get(row), features);
                for (int i = 0; i < features.length; i++) {
                    features[i] -= mean[i];
                }
                input.write((long) row * features.length, features, features.length);
            }
            product.multiply(input, matrix, output);
            for (int row = 0; row < images.size(); row++) {
                float[] embedding = new float[width];
                output.read((long) row * width, embedding, width);
                embeddings.add(embedding);
            }
        }

        @Override
        public void close() {
            encoder.close();
            input.close();
            matrix.close();
            output.close();
        }
    }
}
