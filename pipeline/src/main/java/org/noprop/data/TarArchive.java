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
import org.apache.commons.compress.archivers.tar.TarConstants;

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
            long bytes = 0;
            for (TarArchiveEntry entry = in.getNextTarEntry(); entry != null; entry = in.getNextTarEntry()) {
                Path path = checked(entry);
                bytes = Math.addExact(bytes, entry.getSize());
                if (bytes > MOST_BYTES) {
                    throw new IOException(file.getFileName() + " holds more than " + MOST_BYTES + " bytes");
                }
                String name = String.valueOf(path.getFileName());
                if (!entry.isDirectory() && missing.remove(name)) {
                    write(in, folder.resolve(name));
                }
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IOException(file.getFileName() + " is damaged: " + e.getMessage(), e);
        }
        if (!missing.isEmpty()) {
            throw new IOException(file.getFileName() + " does not hold " + String.join(", ", missing));
        }
    }

    /** Where the entry belongs, if it is a file or a folder below the one that it is unpacked to. */
    private Path checked(TarArchiveEntry entry) throws IOException {
        Path path = Path.of(entry.getName()).normalize();
        if (path.isAbsolute() || path.startsWith("..")) {
            throw new IOException(file.getFileName() + " has an entry " + entry.getName()
                    + ", which would leave the folder; nothing of it is to be trusted");
        }
        boolean plain = entry.getLinkFlag() == TarConstants.LF_NORMAL
                || entry.getLinkFlag() == TarConstants.LF_OLDNORM
                || entry.isDirectory();
        if (!plain || entry.isSparse()) {
            throw new IOException(file.getFileName() + " has an entry " + entry.getName()
                    + ", which is neither a file nor a folder; nothing of it is to be trusted");
        }
        return path;
    }

    private void write(TarArchiveInputStream in, Path target) throws IOException {
        Path part = Download.part(target);
        try {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
