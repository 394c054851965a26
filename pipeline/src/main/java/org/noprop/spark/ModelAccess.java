package org.noprop.spark;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.noprop.data.ModelContent;
import org.noprop.data.Paths;
import org.noprop.embedding.ImageEmbedder;
import org.noprop.embedding.StoredEmbedder;
import org.noprop.inference.LoadedModel;
import org.noprop.inference.ModelDescription;
import org.noprop.inference.ModelFolder;

/** An assembled model as tasks come to it. */
sealed interface ModelAccess extends Serializable {

    /**
     * Reads it.
     *
     * @throws org.noprop.data.InvalidInputException if there is none, or it is damaged
     */
    ModelFolder folder();

    /**
     * By its files, which each task reads.
     *
     * @param hadoop file system settings
     * @param path of the model's folder, of any Hadoop file system
     */
    record Stored(SerializableConfiguration hadoop, String path) implements ModelAccess {
        @Override
        public ModelFolder folder() {
            return ModelFolder.read(hadoop.value(), path);
        }
    }

    /** By what the driver sends. */
    record Sent(Broadcast<ModelContent> content) implements ModelAccess {
        @Override
        public ModelFolder folder() {
            return ModelFolder.of(content.value());
        }
    }

    /** The model of a folder, whose path executors understand as the driver does. */
    static Stored of(Configuration hadoop, String path) {
        return new Stored(new SerializableConfiguration(hadoop), Paths.qualified(hadoop, path));
    }

    /** Builds its networks for the task at work, with which they end. */
    default LoadedModel open() {
        LoadedModel model = folder().open();
        closeWithTask(model::close);
        return model;
    }

    /** A model's embedder of images. */
    static ImageEmbedder embedder(ModelFolder folder) {
        ModelDescription description = folder.description();
        return StoredEmbedder.of(
                description.embedder(), description.imageShape(), folder.embedderTensors(), folder.path());
    }

    /** Has something end with the task at work, if there is one. */
    static void closeWithTask(Runnable close) {
        TaskContext task = TaskContext.get();
        if (task != null) {
            task.addTaskCompletionListener((TaskCompletionListener) context -> close.run());
        }
    }
}
