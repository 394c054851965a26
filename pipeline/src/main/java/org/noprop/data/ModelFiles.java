package org.noprop.data;

import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** A folder of an assembled model, of any Hadoop file system. */
public final class ModelFiles {
    private final Folder folder;

    ModelFiles(Folder folder) {
        this.folder = folder;
    }

    /** Those of a folder, which need not exist. */
    public static ModelFiles at(Configuration hadoop, String path) {
        return new ModelFiles(Folder.of(hadoop, path));
    }

    /** The folder, as the user would write it. */
    public String path() {
        return folder.toString();
    }

    /** Writes a model; its description, last, makes it valid. */
    public void write(ModelContent content) {
        content.files().forEach((name, bytes) -> {
            if (!name.equals(ModelContent.DESCRIPTION)) {
                folder.write(name, bytes);
            }
        });
        folder.writeText(ModelContent.DESCRIPTION, content.description());
    }

    /**
     * Reads the model.
     *
     * @throws InvalidInputException if there is none
     */
    public ModelContent content() {
        if (!folder.has(ModelContent.DESCRIPTION)) {
            throw new InvalidInputException("There is no model in " + folder + ": no " + ModelContent.DESCRIPTION
                    + " there; give the folder model/ of a run that evaluate has finished");
        }
        Map<String, byte[]> files = new TreeMap<>();
        for (String name : new String[] {ModelContent.WEIGHTS, ModelContent.DESCRIPTION, ModelContent.EMBEDDER}) {
            if (folder.has(name)) {
                files.put(name, folder.read(name));
            }
        }
        return new ModelContent(path(), files);
    }
}
