package org.noprop.spark;

import java.net.URI;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.noprop.config.DataConfig;
import org.noprop.data.CifarSource;
import org.noprop.data.DatasetDownload;
import org.noprop.data.DigitSource;
import org.noprop.data.ImageSource;
import org.noprop.data.InvalidInputException;
import org.noprop.data.MnistSource;
import org.noprop.data.Paths;

/** The published or drawn dataset that a configuration names. */
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
            case FOLDER, PARQUET, EMBEDDINGS -> throw new IllegalArgumentException(data.kind() + " is read by Spark");
        };
    }

    /**
     * Fetches published files that are not there, where the configuration says so.
     *
     * @throws InvalidInputException in one sentence that says which files to put where, if they cannot be fetched
     */
    static void fetch(DataConfig data, Configuration hadoop) {
        if (!data.download()
                || data.kind() == DataConfig.Kind.DIGITS
                || data.kind().isOfFiles()) {
            return;
        }
        DatasetDownload download =
                switch (data.kind()) {
                    case CIFAR10 -> DatasetDownload.cifar(CifarSource.Variant.CIFAR10, data.mirror());
                    case CIFAR100 -> DatasetDownload.cifar(CifarSource.Variant.CIFAR100, data.mirror());
                    default -> DatasetDownload.mnist(data.mirror());
                };
        download.run(local(path(data), hadoop), DatasetDownload.PATIENCE);
    }

    private static Path local(String folder, Configuration hadoop) {
        URI qualified = URI.create(Paths.qualified(hadoop, folder));
        if (!"file".equals(qualified.getScheme())) {
            throw new InvalidInputException("noprop.data.download needs noprop.data.path on a local disk, and it is "
                    + folder + "; put the published files there yourself");
        }
        return Path.of(qualified.getPath());
    }

    private static String path(DataConfig data) {
        return data.path()
                .orElseThrow(() -> new InvalidInputException("noprop.data.path is not set: it must name the folder of "
                        + data.kind() + "'s published files"));
    }
}
