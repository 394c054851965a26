package org.noprop.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** A tar archive, compressed by gzip. Nothing of it is written but files that were asked for, into one folder. */
record TarArchive(Path file) {
    private static final long MOST_BYTES = 1L << 30;

    /**
     * Unpacks files, whatever folder of the archive they are in.
     *
     * @param names of the files
     * @param folder that receives them
     * @throws IOException if the archive is damaged, lacks one, or has an entry that would leave the folder
     */
    void unpack(Collection<String> names, Path folder) throws IOException {
        Set<String> missing = new HashSet<>(names);
        try (TarArchiveInputStream in =
                new TarArchiveInputStream(new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file))))) {
            for (TarArchiveEntry entry = in.getNextTarEntry(); entry != null; entry = in.getNextTarEntry()) {
                Path path = Path.of(entry.getName()).normalize();
                if (path.isAbsolute() || path.startsWith("..")) {
                    throw new IOException(file.getFileName() + " has an entry " + entry.getName()
                            + ", which would leave the folder; nothing of it is to be trusted");
                }
                String name = String.valueOf(path.getFileName());
                boolean link = entry.isSymbolicLink() || entry.isLink();
                if (entry.isFile() && !link && missing.remove(name)) {
                    write(in, entry, folder.resolve(name));
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new IOException(file.getFileName() + " does not hold " + String.join(", ", missing));
        }
    }

    private void write(TarArchiveInputStream in, TarArchiveEntry entry, Path target) throws IOException {
        if (entry.getSize() > MOST_BYTES) {
            throw new IOException(file.getFileName() + " has an entry of " + entry.getSize() + " bytes");
        }
        Path part = target.resolveSibling(target.getFileName() + ".part");
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    }
}
