package org.noprop.network;

import java.util.List;
import org.noprop.nn.Parameter;
import org.noprop.tensor.Rows;
import org.noprop.tensor.Scratch;

/** A unit from one matrix to another, which owns its output and the gradient of its input. */
abstract class RowsUnit extends Unit {
    private final Rows output;
    private final Rows inputGradient;

    /**
     * A unit.
     *
     * @param in columns of its input
     * @param out columns of its output
     */
    RowsUnit(Scratch scratch, String name, List<Parameter> parameters, int in, int out) {
        super(name, parameters);
        this.output = new Rows(scratch.type(), out);
        this.inputGradient = new Rows(scratch.type(), in);
    }

    final Rows output() {
        return output;
    }

    final Rows inputGradient() {
        return inputGradient;
    }

    @Override
    final int inputs() {
        return 1;
    }

    @Override
    final long activationBytes() {
        return output.bytes() + inputGradient.bytes();
    }

    @Override
    public final void close() {
        output.close();
        inputGradient.close();
    }
}
