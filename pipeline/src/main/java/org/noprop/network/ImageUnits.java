package org.noprop.network;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.noprop.network.ImagePart.Convolutions;
import org.noprop.tensor.ImageShape;

/** The units of a block's image part: convolutions where it has them, then FC256 BN. */
final class ImageUnits {
    private final List<Unit> units = new ArrayList<>();

    /**
     * Adds an image part to a graph.
     *
     * @param prefix of its units' names
     * @param from the vertex that gives x
     */
    ImageUnits(UnitGraph.Builder graph, String prefix, String from, ImagePart part) {
        String last = from;
        int width = part.components();
        if (part instanceof Convolutions convolutions) {
            for (ConvolutionStage.Settings settings : stages(convolutions)) {
                String name = prefix + "convolution" + (units.size() + 1);
                units.add(graph.add(new ConvolutionStage(graph.scratch(), name, settings, graph.rowSeeds()), last));
                last = name;
                width = settings.out().length();
            }
        }
        boolean propagate = !units.isEmpty();
        units.add(graph.add(
                new DenseNorm(graph.scratch(), prefix + "image", BlockUnits.WIDTH, false, propagate, width), last));
    }

    /** The name of the last unit. */
    String name() {
        return units.get(units.size() - 1).name();
    }

    /** The part's features in inference mode. */
    INDArray encode(INDArray images) {
        INDArray features = images;
        for (Unit unit : units) {
            features = unit.forward(false, features);
        }
        return features;
    }

    private static List<ConvolutionStage.Settings> stages(Convolutions part) {
        List<ConvolutionStage.Settings> stages = new ArrayList<>();
        ImageShape shape = part.image();
        int last = part.channels().size() - 1;
        for (int i = 0; i <= last; i++) {
            boolean pool = i == 0 || i == last;
            ConvolutionStage.Settings stage =
                    new ConvolutionStage.Settings(shape, part.channels().get(i), pool, part.dropout(), i > 0);
            stages.add(stage);
            shape = stage.out();
        }
        return stages;
    }
}
