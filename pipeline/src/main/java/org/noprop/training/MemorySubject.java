package org.noprop.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.noprop.network.ImagePart;
import org.noprop.tensor.ImageShape;

/**
 * What memory is measured for.
 *
 * @param blocks 0 for one block alone; T for a baseline of T blocks
 * @param classes m
 * @param batch rows of a step
 * @param image what blocks do with an image
 */
public record MemorySubject(int blocks, int classes, int batch, ImagePart image) {

    /** As arguments of a process: blocks, classes, batch, then a width, or [h,w,c], dropout and channels. */
    List<String> arguments() {
        List<String> arguments =
                new ArrayList<>(List.of(Integer.toString(blocks), Integer.toString(classes), Integer.toString(batch)));
        if (image instanceof ImagePart.Convolutions convolutions) {
            ImageShape shape = convolutions.image();
            arguments.add(join(List.of(shape.height(), shape.width(), shape.channels())));
            arguments.add(Double.toString(convolutions.dropout()));
            arguments.add(join(convolutions.channels()));
        } else {
            arguments.add(Integer.toString(image.components()));
        }
        return arguments;
    }

    /** Reads {@link #arguments}. */
    static MemorySubject parse(List<String> arguments) {
        List<Integer> image = split(arguments.get(3));
        ImagePart part = image.size() == 1
                ? ImagePart.embedding(image.get(0))
                : new ImagePart.Convolutions(
                        new ImageShape(image.get(0), image.get(1), image.get(2)),
                        split(arguments.get(5)),
                        Double.parseDouble(arguments.get(4)));
        return new MemorySubject(
                Integer.parseInt(arguments.get(0)),
                Integer.parseInt(arguments.get(1)),
                Integer.parseInt(arguments.get(2)),
                part);
    }

    private static String join(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static List<Integer> split(String numbers) {
        return Arrays.stream(numbers.split(",", -1)).map(Integer::valueOf).toList();
    }
}
