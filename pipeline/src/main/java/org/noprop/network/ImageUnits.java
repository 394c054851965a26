package org.noprop.network;

import java.util.ArrayList;
import java.util.List;
import org.noprop.network.ImagePart.Convolutions;
import org.noprop.tensor.ImageShape;

/**
 * The units of an image part: convolutions where it has them, then FC256 BN in discrete time, FC256 ReLU in
 * continuous time. A noised label that is an image goes through such a part too.
 */
final class ImageUnits {
    private final List<Unit> units = new ArrayList<>();

    /**
     * What an image part is added for.
     *
     * @param prefix of its units' names
     * @param from the input or unit that gives the image
     * @param norm whether there is batch norm after the dense layer; otherwise a ReLU
     * @param propagate whether the gradient of the image is needed
     */
    record Site(String prefix, String from, boolean norm, boolean propagate) {}

    /** Adds an image part to a graph. */
    ImageUnits(Graph.Builder graph, Site site, ImagePart part) {
        String last = site.from();
        int width = part.components();
        if (part instanceof Convolutions convolutions) {
            for (ConvolutionStage.Settings settings : stages(convolutions, site.propagate())) {
                String name = site.prefix() + "convolution" + (units.size() + 1);
                units.add(graph.add(new ConvolutionStage(graph.scratch(), name, settings, graph.rowSeeds()), last));
                last = name;
                width = settings.out().length();
            }
        }
        boolean propagate = site.propagate() || !units.isEmpty();
        units.add(graph.add(dense(graph, site, part, propagate, width), last));
    }

    private static Unit dense(Graph.Builder graph, Site site, ImagePart part, boolean propagate, int width) {
        String name = site.prefix() + "image";
        return site.norm()
                ? new DenseNorm(graph.scratch(), name, part.width(), false, propagate, width)
                : new DenseRelu(graph.scratch(), name, part.width(), propagate, width);
    }

    /** The unit that gives the part's features. */
    Unit last() {
        return units.get(units.size() - 1);
    }

    /** The name of {@link #last}. */
    String name() {
        return last().name();
    }

    private static List<ConvolutionStage.Settings> stages(Convolutions part, boolean propagate) {
        List<ConvolutionStage.Settings> stages = new ArrayList<>();
        ImageShape shape = part.image();
        int last = part.channels().size() - 1;
        for (int i = 0; i <= last; i++) {
            boolean pool = i == 0 || i == last;
            ConvolutionStage.Settings stage = new ConvolutionStage.Settings(
                    shape, part.channels().get(i), pool, part.dropout(), propagate || i > 0);
            stages.add(stage);
            shape = stage.out();
        }
        return stages;
    }
}
