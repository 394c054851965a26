package org.noprop.data;

import java.util.List;

/**
 * A file as its publisher has it.
 *
 * @param name in the folder that receives it
 * @param md5 its checksum in hexadecimal
 * @param wanted names of the files to unpack, where it is an archive; empty where it is used as it is
 */
record PublishedFile(String name, String md5, List<String> wanted) {
    /** Copies the list. */
    PublishedFile {
        wanted = List.copyOf(wanted);
    }

    static PublishedFile plain(String name, String md5) {
        return new PublishedFile(name, md5, List.of());
    }
}
