package org.noprop.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.noprop.config.DiffusionConfig;
import org.noprop.config.DiffusionConfig.Method;
import org.noprop.config.NoPropConfig;
import org.noprop.data.InvalidInputException;
import org.noprop.data.RunFolder;

/**
 * What of a run's blocks and head a job trains.
 *
 * @param names numbers of blocks, and {@value #HEAD}; none for all
 */
public record BlockParts(List<String> names) {
    /** All blocks, and the head. */
    public static final BlockParts ALL = new BlockParts(List.of());

    /** The head's name. */
    public static final String HEAD = "head";

    /** Copies the list. */
    public BlockParts {
        names = List.copyOf(names);
    }

    /** Whether these are all. */
    public boolean areAll() {
        return names.isEmpty();
    }

    /**
     * The names of their artifacts, by which jobs on other parts keep away from them.
     *
     * @throws InvalidInputException in one sentence, if the configuration has no such parts, or none that train alone
     */
    public List<String> artifacts(NoPropConfig config, RunFolder run) {
        return subjects(config).stream()
                .map(subject -> subject.artifact(run).name())
                .toList();
    }

    List<Subject> subjects(NoPropConfig config) {
        List<Subject> all = all(config);
        if (areAll()) {
            return all;
        }
        if (shares(config)) {
            throw new InvalidInputException("Blocks that train label embeddings or their schedule together cannot be"
                    + " trained one by one; leave --blocks out");
        }
        return names.stream().map(name -> subject(name, all)).toList();
    }

    private static List<Subject> all(NoPropConfig config) {
        List<Subject> all = new ArrayList<>();
        for (int step = 1; step <= config.diffusion().groups(); step++) {
            all.add(Subject.block(step));
        }
        if (config.diffusion().method() == Method.DT
                && !config.label().embedding().isTrained()) {
            all.add(Subject.head());
        }
        return all;
    }

    private static boolean shares(NoPropConfig config) {
        return config.label().embedding().isTrained()
                || config.diffusion().schedule().equals(Optional.of(DiffusionConfig.Schedule.TRAINED));
    }

    private static Subject subject(String name, List<Subject> all) {
        Subject subject = name.equals(HEAD) ? Subject.head() : Subject.block(Integer.parseInt(name));
        if (!all.contains(subject)) {
            throw new InvalidInputException("There is no " + subject + " to train apart: --blocks may name 1 to "
                    + all.stream().filter(Subject::isBlock).count()
                    + (all.contains(Subject.head()) ? " and head" : ""));
        }
        return subject;
    }
}
