package org.noprop.data;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.noprop.data.ImageSource.Part;

/**
 * Fetches the published files of a dataset, and unpacks them where they are archives. Files that are there stay. Of several
 * jobs that want them at once, one fetches them and the others wait for it.
 */
public final class DatasetDownload {
    /** Three attempts that bring nothing, each of at most half a minute of silence. */
    public static final Download.Patience PATIENCE = new Download.Patience(3, Duration.ofSeconds(30));

    /** After how much silence another job counts as gone. */
    private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(1);

    private final String title;
    private final String address;
    private final List<PublishedFile> files;

    private DatasetDownload(String title, String address, List<PublishedFile> files) {
        this.title = title;
        this.address = address;
        this.files = files;
    }

    /**
     * MNIST: the four files.
     *
     * @param from the folder of a mirror, or empty for the published address
     */
    public static DatasetDownload mnist(Optional<String> from) {
        return new DatasetDownload(
                "MNIST",
                from.orElse("https://ossci-datasets.s3.amazonaws.com/mnist/"),
                List.of(
                        PublishedFile.plain("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
                        PublishedFile.plain("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432"),
                        PublishedFile.plain("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3"),
                        PublishedFile.plain("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c")));
    }

    /**
     * CIFAR-10 or CIFAR-100: the archive of the binary version.
     *
     * @param from the folder of a mirror, or empty for the published address
     */
    public static DatasetDownload cifar(CifarSource.Variant variant, Optional<String> from) {
        List<String> wanted = new ArrayList<>(variant.files(Part.TRAIN));
        wanted.addAll(variant.files(Part.TEST));
        wanted.add(variant.namesFile());
        boolean ten = variant == CifarSource.Variant.CIFAR10;
        PublishedFile archive = new PublishedFile(
                ten ? "cifar-10-binary.tar.gz" : "cifar-100-binary.tar.gz",
                ten ? "c32a1d4ab5d03f1284b67883e8d87530" : "03b5dce01913d631647c71ecec9e9cb8",
                wanted);
        return new DatasetDownload(
                variant.toString(), from.orElse("https://www.cs.toronto.edu/~kriz/"), List.of(archive));
    }

    /**
     * Any files, of any publisher.
     *
     * @param title how messages call the dataset
     * @param address the folder that holds the files
     */
    static DatasetDownload of(String title, String address, List<PublishedFile> files) {
        return new DatasetDownload(title, address, files);
    }

    /**
     * Fetches what is missing.
     *
     * @param folder of a local disk
     * @param patience how often, and how long, to wait for a server
     * @throws InvalidInputException in one sentence that says which files to put where, if they cannot be fetched
     */
    public void run(Path folder, Download.Patience patience) {
        if (files.stream().allMatch(file -> missing(file, folder).isEmpty())) {
            return;
        }
        LockPlace place = LockPlace.in(
                Folder.of(new Configuration(), folder.toUri().toString()), "the folder " + folder, "give another");
        try (RunLock lock = RunLock.acquire(place, List.of(), "a download of " + title, LOCK_TIMEOUT, true)) {
            for (PublishedFile file : files) {
                lock.requireHeld();
                List<String> missing = missing(file, folder);
                if (!missing.isEmpty()) {
                    fetch(file, missing, folder, patience);
                }
            }
        }
    }

    private static List<String> missing(PublishedFile file, Path folder) {
        List<String> needed = file.wanted().isEmpty() ? List.of(file.name()) : file.wanted();
        return needed.stream()
                .filter(name -> !Files.isRegularFile(folder.resolve(name)))
                .toList();
    }

    /** Files that are there stay as they are, and so does an archive that was not downloaded here. */
    private void fetch(PublishedFile file, List<String> missing, Path folder, Download.Patience patience) {
        URI source = URI.create(address.endsWith("/") ? address + file.name() : address + "/" + file.name());
        Path target = folder.resolve(file.name());
        try {
            boolean downloads = !Files.isRegularFile(target);
            if (downloads) {
                new Download(source, target, file.md5(), patience).run();
            } else if (!Download.md5(target).equals(file.md5())) {
                throw new InvalidInputException(target + " is there already and is not what " + title
                        + " is published as (its MD5 is not " + file.md5()
                        + "); delete it to have it downloaded, or unpack it there yourself");
            }
            if (!file.wanted().isEmpty()) {
                new TarArchive(target).unpack(missing, folder);
                if (downloads) {
                    Files.delete(target);
                }
            }
        } catch (IOException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new InvalidInputException(
                    "Cannot download " + title + " from " + source + ": " + reason + "; try again, or put "
                            + file.name() + (file.wanted().isEmpty() ? "" : ", or what is in it,") + " into " + folder
                            + " yourself",
                    e);
        }
    }
}
