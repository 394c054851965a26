package org.noprop.spark;

import org.noprop.config.DataConfig;
import org.noprop.data.CifarSource;
import org.noprop.data.DigitSource;
import org.noprop.data.ImageSource;
import org.noprop.data.InvalidInputException;
import org.noprop.data.MnistSource;

/** The image source that a configuration names. */
final class ImageSources {
    private ImageSources() {}

    /**
     * The source.
     *
     * @throws InvalidInputException if it needs a path and none is given
     */
    static ImageSource of(DataConfig data) {
        return switch (data.kind()) {
            case DIGITS -> new DigitSource(
                    data.digits().train(), data.digits().test(), data.digits().seed());
            case MNIST -> new MnistSource(path(data));
            case CIFAR10 -> new CifarSource(CifarSource.Variant.CIFAR10, path(data));
            case CIFAR100 -> new CifarSource(CifarSource.Variant.CIFAR100, path(data));
        };
    }

    private static String path(DataConfig data) {
        return data.path()
                .orElseThrow(() -> new InvalidInputException("noprop.data.path is not set: it must name the folder of "
                        + data.kind() + "'s published files"));
    }
}
