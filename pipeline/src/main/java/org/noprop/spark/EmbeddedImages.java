package org.noprop.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.noprop.data.Image;
import org.noprop.embedding.ImageEmbedder;

/** The rows of a task's images, embedded some at a time as they are asked for. */
final class EmbeddedImages implements Iterator<EmbeddingRow> {
    private final Iterator<Image> images;
    private final ImageEmbedder.Session session;
    private final Queue<EmbeddingRow> ready = new ArrayDeque<>();

    /** Embeds in a session that ends with the task. */
    EmbeddedImages(Iterator<Image> images, ImageEmbedder embedder) {
        this.images = images;
        this.session = embedder.open();
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> session.close());
    }

    @Override
    public boolean hasNext() {
        return !ready.isEmpty() || images.hasNext();
    }

    @Override
    public EmbeddingRow next() {
        if (ready.isEmpty()) {
            embed();
        }
        return ready.remove();
    }

    private void embed() {
        List<Image> batch = new ArrayList<>();
        while (batch.size() < session.batch() && images.hasNext()) {
            batch.add(images.next());
        }
        List<float[]> embeddings =
                session.embed(batch.stream().map(Image::bytes).toList());
        for (int i = 0; i < batch.size(); i++) {
            Image image = batch.get(i);
            ready.add(new EmbeddingRow(image.id(), image.label(), embeddings.get(i)));
        }
    }
}
