package org.noprop.training;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.noprop.data.Artifact;
import org.noprop.data.ArtifactState;

/**
 * Averages the members of a partition group at the end of a round and writes what comes of it to the block's
 * folder: weights, running statistics and optimiser state, each value weighted by rows. The held-out figures
 * are those of the average.
 */
final class MemberAverage {
    private final Learner learner;
    private final Artifact block;
    private final TrainingSettings settings;

    MemberAverage(Learner learner, Artifact block, TrainingSettings settings) {
        this.learner = learner;
        this.block = block;
        this.settings = settings;
    }

    /**
     * Averages.
     *
     * @param members of every shard, in the order of their numbers
     * @return the state at the round's end
     */
    ArtifactState write(Round round, List<MemberState> members) {
        if (members.contains(MemberState.DONE) || Rounds.isDone(block, round, settings)) {
            return Rounds.stateAfter(block, round, settings);
        }
        MemberState.load(
                WeightedTensors.average(members.stream().map(MemberState::state).toList()), learner.subject());
        List<EpochMetrics> epochs = epochs(round, members);
        block.writeMetrics(epochs.stream().map(EpochMetrics::toJson).toList());
        ArtifactState state = state(round, epochs);
        if (round.to() == settings.epochs()) {
            block.finish(state, learner.subject().weights());
        } else {
            block.checkpoint(
                    state, learner.subject().weights(), learner.subject().optimiserState());
        }
        block.deleteMembers();
        return state;
    }

    /** Those of the rounds before, and this one's: means over all rows, and the time of the slowest member. */
    private List<EpochMetrics> epochs(Round round, List<MemberState> members) {
        List<EpochMetrics> all = new ArrayList<>(before(round));
        long rows = members.stream().mapToLong(member -> member.state().rows()).sum();
        for (int i = 0; i < round.to() - round.after(); i++) {
            SortedMap<String, Double> figures = new TreeMap<>();
            double seconds = 0;
            for (MemberState member : members) {
                EpochMetrics epoch = member.epochs().get(i);
                epoch.figures()
                        .forEach((name, figure) ->
                                figures.merge(name, member.state().rows() * figure, Double::sum));
                seconds = Math.max(seconds, epoch.seconds());
            }
            figures.replaceAll((name, sum) -> sum / rows);
            int number = round.after() + i + 1;
            if (number == round.to()) {
                figures.putAll(learner.validate());
            }
            all.add(new EpochMetrics(number, settings.epochs(), seconds, figures));
        }
        return all;
    }

    private List<EpochMetrics> before(Round round) {
        if (round.after() == 0) {
            return List.of();
        }
        List<String> lines =
                Rounds.checkpointBefore(block, round, settings).state().metrics();
        return EpochMetrics.parse(lines.isEmpty() ? block.metrics() : lines, block.path())
                .subList(0, round.after());
    }

    private ArtifactState state(Round round, List<EpochMetrics> epochs) {
        SortedMap<String, Double> figures =
                new TreeMap<>(epochs.get(epochs.size() - 1).figures());
        figures.put(
                ArtifactFigures.SECONDS,
                epochs.stream().mapToDouble(EpochMetrics::seconds).sum());
        List<String> lines = epochs.stream().map(EpochMetrics::toJson).toList();
        return new ArtifactState(block.name(), round.to(), settings.epochs(), settings.fingerprint(), figures, lines);
    }
}
