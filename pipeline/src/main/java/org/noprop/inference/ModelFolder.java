package org.noprop.inference;

import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.noprop.data.InvalidInputException;
import org.noprop.data.ModelContent;
import org.noprop.data.ModelFiles;
import org.noprop.data.RunFolder;
import org.noprop.label.LabelEmbedding;
import org.noprop.label.OneHotEmbedding;
import org.noprop.network.Block;
import org.noprop.network.Method;
import org.noprop.tensor.Tensor;

/**
 * An assembled model, a run's {@code model/}: every weight in one safetensors file, {@code model.json} with all that is
 * needed to use them, and {@code embedder.safetensors} where images are embedded by more than a few figures. Neither
 * Spark nor Java is needed to read it.
 *
 * <p>Tensors are named {@code block.TT.NAME}, {@code head.NAME}, {@code label-embedding} (unless it is one-hot) and
 * {@code schedule.NAME}, the NAMEs being those of the parts' own files; what blocks have in common stands there once.
 */
public final class ModelFolder {
    private final ModelContent content;
    private final ModelDescription description;
    private final ModelSettings settings;
    private final FileParts parts;

    private ModelFolder(ModelContent content, ModelDescription description, ModelSettings settings, FileParts parts) {
        this.content = content;
        this.description = description;
        this.settings = settings;
        this.parts = parts;
    }

    /**
     * Gathers the trained parts of a run and writes them to its {@code model/}.
     *
     * @param settings how it was trained and predicts
     * @param embedder the embedder's figures that its description has no room for; may be empty
     * @throws InvalidInputException if a part is missing or damaged
     */
    public static void write(
            RunFolder run, ModelSettings settings, ModelDescription description, SortedMap<String, Tensor> embedder) {
        ModelFiles files = run.model();
        files.write(ModelContent.of(
                files.path(),
                tensors(new RunParts(run), settings),
                embedder,
                checksums -> ModelJson.write(settings, description, checksums)));
    }

    private static SortedMap<String, Tensor> tensors(ModelParts parts, ModelSettings settings) {
        Method method = settings.method();
        CommonParts common = CommonParts.of(parts, method, settings.labels());
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        for (int t = 1; t <= method.blocks(); t++) {
            String prefix = FileParts.blockPrefix(t);
            SortedMap<String, Tensor> own = new TreeMap<>(parts.block(t).weights());
            own.keySet().removeAll(common.tensors().keySet());
            own.forEach((name, tensor) -> tensors.put(prefix + name, tensor));
        }
        if (method.headPlace(settings.labels()) == Method.HeadPlace.APART) {
            parts.head().weights().forEach((name, tensor) -> tensors.put(FileParts.headName(name), tensor));
        }
        tensors.putAll(common.tensors());
        LabelEmbedding labels = common.labels(settings.labels());
        if (!(labels instanceof OneHotEmbedding)) {
            tensors.put(Block.LABEL_EMBEDDING, Tensor.matrix(labels.classes(), labels.width(), labels.matrix()));
        }
        return tensors;
    }

    /**
     * Reads a model.
     *
     * @param hadoop settings of the file systems
     * @param folder a path of any Hadoop file system
     * @throws InvalidInputException if there is none, or it is damaged or of another version
     */
    public static ModelFolder read(Configuration hadoop, String folder) {
        return of(ModelFiles.at(hadoop, folder).content());
    }

    /**
     * The model of these files.
     *
     * @throws InvalidInputException if they are damaged or of another version
     */
    public static ModelFolder of(ModelContent content) {
        String file = content.path() + "/model.json";
        ModelJson json = ModelJson.read(content.description(), file);
        if (json.checksums() != null) {
            content.check(json.checksums());
        }
        FileParts parts = new FileParts(content.tensors(), content.path());
        return new ModelFolder(content, json.description(), json.settings(parts, file), parts);
    }

    /** Where it lies, for messages. */
    public String path() {
        return content.path();
    }

    /** Of its data. */
    public ModelDescription description() {
        return description;
    }

    /** How it was trained, and predicts unless told otherwise. */
    public ModelSettings settings() {
        return settings;
    }

    /** The embedder's figures that its description has no room for; may be empty. */
    public SortedMap<String, Tensor> embedderTensors() {
        return content.embedderTensors();
    }

    /**
     * Builds its networks, which whoever opens it closes.
     *
     * @throws InvalidInputException if a part is missing or does not fit
     */
    public LoadedModel open() {
        return new LoadedModel(parts, settings);
    }
}
