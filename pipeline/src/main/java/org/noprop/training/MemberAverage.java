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
        if (members.contains(MemberState.DONE)) {
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
        List<EpochMetrics> all = new ArrayList<>(
                EpochMetrics.parse(block.metrics(), block.path()).subList(0, round.after()));
        for (int i = 0; i < round.to() - round.after(); i++) {
            SortedMap<String, Double> figures = new TreeMap<>();
            double loss = 0;
            double seconds = 0;
            long rows = 0;
            for (MemberState member : members) {
                EpochMetrics epoch = member.epochs().get(i);
                loss += member.state().rows() * epoch.figures().get(learner.lossName());
                rows += member.state().rows();
                seconds = Math.max(seconds, epoch.seconds());
            }
            figures.put(learner.lossName(), loss / rows);
            int number = round.after() + i + 1;
            if (number == round.to()) {
                figures.putAll(learner.validate());
            }
            all.add(new EpochMetrics(number, settings.epochs(), seconds, figures));
        }
        return all;
    }

    private ArtifactState state(Round round, List<EpochMetrics> epochs) {
        SortedMap<String, Double> figures =
                new TreeMap<>(epochs.get(epochs.size() - 1).figures());
        figures.put(
                ArtifactFigures.SECONDS,
                epochs.stream().mapToDouble(EpochMetrics::seconds).sum());
        return new ArtifactState(block.name(), round.to(), settings.epochs(), settings.fingerprint(), figures);
    }
}
