package org.noprop.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** CIFAR-10 of random pixels, as it is published. */
final class TinyCifar {
    private TinyCifar() {}

    /** Six files of 20 records, the highest label as given. */
    static void write(Path target, int highestLabel) throws IOException {
        Files.createDirectories(target);
        SplittableRandom random = new SplittableRandom(4);
        for (String name :
                List.of("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch")) {
            byte[] records = new byte[20 * 3073];
            for (int i = 0; i < records.length; i++) {
                records[i] = (byte) (i % 3073 == 0 ? i / 3073 % (highestLabel + 1) : random.nextInt(256));
            }
            Files.write(target.resolve(name + ".bin"), records);
        }
        Files.writeString(
                target.resolve("batches.meta.txt"),
                "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n");
    }
}
