package org.noprop.data;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.noprop.tensor.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one trained part of a run: a block, the head or the baseline. {@code state.json} is written
 * last and, with the checksums in it, makes the other files valid, since object stores have no atomic
 * rename. While training runs, checkpoints of the same shape lie in sub-folders.
 *
 * <p>Two attempts of a task may write it at the same time: their weights are the same to the last bit. What differs, the
 * seconds in the metrics, is part of the state, which one of them puts there in one step; metrics.jsonl is for whoever
 * follows.
 */
public final class Artifact {
    private static final Logger log = LoggerFactory.getLogger(Artifact.class);

    private static final String WEIGHTS = "weights.safetensors";
    private static final String OPTIMISER = "optimiser.safetensors";
    private static final String METRICS = "metrics.jsonl";
    private static final String STATE = "state.json";
    /** A key that earlier versions did not write. */
    private static final String METRICS_OF_STATE = "/metrics";

    private static final String CHECKPOINT = "checkpoint-";
    private static final String BEST = "best";
    private static final String EPOCH = "epoch=";
    private static final String MEMBER = "shard=";
    private static final Pattern FILES =
            Pattern.compile("(weights|optimiser)\\.safetensors|metrics\\.jsonl|state\\.json");
    private static final int KEPT_CHECKPOINTS = 2;

    private final Folder folder;
    private final String title;
    private final String job;

    /**
     * The artifact in a folder, which need not exist.
     *
     * @param title how messages start: "Block 3"
     * @param job the command that writes it
     */
    Artifact(Folder folder, String title, String job) {
        this.folder = folder;
        this.title = title;
        this.job = job;
    }

    /** Its folder, as the user would write it. */
    public String path() {
        return folder.toString();
    }

    /** How it is called in messages: "Block 3". */
    public String title() {
        return title;
    }

    /** The last part of its path: {@code block=03}, {@code head}, {@code baseline}. */
    public String name() {
        return folder.name();
    }

    /** Whether anything of it is there, finished or not. */
    public boolean exists() {
        return !folder.list().isEmpty();
    }

    /** Whether training has ended and its result is there; the files themselves are checked when read. */
    public boolean isFinished() {
        return folder.has(STATE);
    }

    /**
     * How training ended.
     *
     * @throws InvalidInputException if it has not, or if the file is damaged
     */
    public ArtifactState state() {
        if (!isFinished()) {
            throw new InvalidInputException(title + " is not trained: no " + folder.file(STATE) + "; run " + job);
        }
        try {
            return state(folder);
        } catch (DamagedFileException e) {
            throw damaged(STATE, "is not readable", e);
        }
    }

    /**
     * The trained weights by name.
     *
     * @throws InvalidInputException if training has not ended or the file does not match its checksum
     */
    public SortedMap<String, Tensor> weights() {
        return Safetensors.decode(
                checked(WEIGHTS, state()), folder.file(WEIGHTS).toString());
    }

    /**
     * Writes the result, with metrics.jsonl, and makes it valid; checkpoints are deleted.
     *
     * @param state its checksums are filled in here
     */
    public void finish(ArtifactState state, SortedMap<String, Tensor> weights) {
        Map<String, String> checksums = new TreeMap<>();
        checksums.put(WEIGHTS, write(folder, WEIGHTS, Safetensors.encode(weights)));
        if (!state.metrics().isEmpty()) {
            writeMetrics(state.metrics());
        }
        folder.writeText(STATE, Json.write(state.withChecksums(checksums)));
        deleteCheckpoints();
    }

    /** Deletes what training went on from, its members' too, which a result does not need; a kill may have left it. */
    public void deleteCheckpoints() {
        deleteMembers();
        checkpointEpochs().forEach(epoch -> checkpoint(epoch).deleteOurs(FILES));
        folder.folder(BEST).deleteOurs(FILES);
    }

    /**
     * Keeps weights as the best until now, in place of those before, until it is finished.
     *
     * @param state its checksums are filled in here
     */
    public void keepBest(ArtifactState state, SortedMap<String, Tensor> weights) {
        keep(folder.folder(BEST), state, weights);
    }

    /**
     * The weights that were kept as the best.
     *
     * @param epoch that they are from
     * @throws InvalidInputException if they are not there, or damaged
     */
    public SortedMap<String, Tensor> bestWeights(int epoch) {
        Folder kept = folder.folder(BEST);
        if (!kept.has(STATE) || state(kept).epoch() != epoch) {
            throw new InvalidInputException(title + " has lost its best weights, those of epoch " + epoch + ", in "
                    + kept + "; delete " + path() + " and run " + job + " --resume to train it again");
        }
        return tensors(kept, WEIGHTS, state(kept));
    }

    /**
     * Keeps the weights of an epoch beside what training ends with.
     *
     * @param state its checksums are filled in here
     */
    public void keepEpoch(ArtifactState state, SortedMap<String, Tensor> weights) {
        keep(folder.folder(EPOCH + state.epoch()), state, weights);
    }

    /** The epochs whose weights were kept, ascending. */
    public List<Integer> keptEpochs() {
        return numbered(EPOCH).sorted().toList();
    }

    /**
     * The weights that were kept of an epoch or, where those were not, the trained ones.
     *
     * @throws InvalidInputException if they are damaged, or there are neither
     */
    public SortedMap<String, Tensor> weightsAfter(int epoch) {
        Folder kept = folder.folder(EPOCH + epoch);
        return kept.has(STATE) ? tensors(kept, WEIGHTS, state(kept)) : weights();
    }

    private static void keep(Folder target, ArtifactState state, SortedMap<String, Tensor> weights) {
        target.deleteOurs(FILES);
        String checksum = write(target, WEIGHTS, Safetensors.encode(weights));
        target.writeText(STATE, Json.write(state.withChecksums(Map.of(WEIGHTS, checksum))));
    }

    /** What the member of a shard needs to go on in the midst of a round; it lies in this one's folder. */
    public Artifact member(Shard shard) {
        return new Artifact(folder.folder(MEMBER + shard.number()), title + " " + shard, job);
    }

    /** Epochs that its members have trained since they last averaged, all together. */
    public int memberEpochs() {
        return members().mapToInt(member -> lines(folder.folder(member)).size()).sum();
    }

    /** Deletes what its members have left behind. */
    public void deleteMembers() {
        members().toList().forEach(member -> folder.folder(member).deleteOurs(FILES));
    }

    private Stream<String> members() {
        return folder.list().stream().map(child -> child.getPath().getName()).filter(name -> name.startsWith(MEMBER));
    }

    /** Deletes its files, so that it can be trained again. */
    public void delete() {
        folder.deleteOurs(FILES);
    }

    /**
     * Writes a checkpoint and makes it valid; the newest two are kept.
     *
     * @param state its checksums are filled in here
     */
    public void checkpoint(
            ArtifactState state, SortedMap<String, Tensor> weights, SortedMap<String, Tensor> optimiser) {
        Folder target = checkpoint(state.epoch());
        Map<String, String> checksums = Map.of(
                WEIGHTS, write(target, WEIGHTS, Safetensors.encode(weights)),
                OPTIMISER, write(target, OPTIMISER, Safetensors.encode(optimiser)));
        target.writeText(STATE, Json.write(state.withChecksums(checksums)));
        checkpointEpochs().stream().skip(KEPT_CHECKPOINTS).forEach(epoch -> checkpoint(epoch)
                .deleteOurs(FILES));
    }

    /**
     * The newest checkpoint that is whole and was made under these settings; damaged ones are passed over
     * with a warning.
     *
     * @param settings as {@link ArtifactState#settings}
     */
    public Optional<Checkpoint> latestCheckpoint(String settings) {
        return latestCheckpoint(settings, 0, Integer.MAX_VALUE);
    }

    /**
     * The same among those of the epochs {@code first} … {@code last}.
     *
     * @param settings as {@link ArtifactState#settings}
     */
    public Optional<Checkpoint> latestCheckpoint(String settings, int first, int last) {
        return checkpointEpochs().stream()
                .filter(epoch -> first <= epoch && epoch <= last)
                .flatMap(epoch -> readCheckpoint(checkpoint(epoch)).stream())
                .filter(checkpoint -> checkpoint.state().settings().equals(settings))
                .findFirst();
    }

    /** Replaces metrics.jsonl, in one move, by these lines of JSON. */
    public void writeMetrics(List<String> jsonLines) {
        folder.writeText(METRICS, String.join("\n", jsonLines) + (jsonLines.isEmpty() ? "" : "\n"));
    }

    /**
     * A line of JSON for each epoch: of the state if training has ended, else of metrics.jsonl, and none where there is no
     * such file. A last line of the file without its end, which a writer that was killed has left, is none.
     *
     * @throws InvalidInputException if training has ended and the state is damaged, or the file does not match a checksum
     *     that an earlier version has put there
     */
    public List<String> metrics() {
        if (!isFinished()) {
            return lines(folder);
        }
        ArtifactState state = state();
        if (state.checksums().containsKey(METRICS)) {
            checked(METRICS, state);
        }
        return state.metrics().isEmpty() ? lines(folder) : state.metrics();
    }

    private static List<String> lines(Folder of) {
        if (!of.has(METRICS)) {
            return List.of();
        }
        String text = of.readText(METRICS);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private byte[] checked(String file, ArtifactState state) {
        if (!folder.has(file)) {
            throw damaged(file, "is missing", null);
        }
        byte[] bytes;
        try {
            bytes = folder.read(file);
        } catch (DamagedFileException e) {
            throw damaged(file, "cannot be read", e);
        }
        if (!Checksums.sha256(bytes).equals(state.checksums().get(file))) {
            throw damaged(file, "does not match its checksum", null);
        }
        return bytes;
    }

    private DamagedFileException damaged(String file, String what, Throwable cause) {
        return new DamagedFileException(
                title + " is damaged: " + folder.file(file) + " " + what + "; delete that folder and run " + job
                        + " --resume to train it alone",
                cause);
    }

    private Folder checkpoint(int epoch) {
        return folder.folder(CHECKPOINT + epoch);
    }

    /** Newest first. */
    private List<Integer> checkpointEpochs() {
        return numbered(CHECKPOINT).sorted(Comparator.reverseOrder()).toList();
    }

    private Stream<Integer> numbered(String prefix) {
        return folder.list().stream()
                .map(child -> child.getPath().getName())
                .filter(name -> name.matches(prefix + "\\d{1,9}"))
                .map(name -> Integer.valueOf(name.substring(prefix.length())));
    }

    private static Optional<Checkpoint> readCheckpoint(Folder checkpoint) {
        if (!checkpoint.has(STATE)) {
            return Optional.empty();
        }
        try {
            ArtifactState state = state(checkpoint);
            return Optional.of(
                    new Checkpoint(state, tensors(checkpoint, WEIGHTS, state), tensors(checkpoint, OPTIMISER, state)));
        } catch (InvalidInputException e) {
            log.warn("Passing over the damaged checkpoint {}: {}", checkpoint, e.getMessage());
            return Optional.empty();
        }
    }

    private static SortedMap<String, Tensor> tensors(Folder checkpoint, String file, ArtifactState state) {
        byte[] bytes = checkpoint.read(file);
        if (!Checksums.sha256(bytes).equals(state.checksums().get(file))) {
            throw new DamagedFileException(checkpoint.file(file) + " does not match its checksum", null);
        }
        return Safetensors.decode(bytes, checkpoint.file(file).toString());
    }

    private static ArtifactState state(Folder folder) {
        return Json.read(
                folder.readText(STATE), ArtifactState.class, folder.file(STATE).toString(), METRICS_OF_STATE);
    }

    private static String write(Folder folder, String file, byte[] bytes) {
        folder.write(file, bytes);
        return Checksums.sha256(bytes);
    }
}
