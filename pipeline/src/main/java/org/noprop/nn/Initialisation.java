package org.noprop.nn;

/** What the initial weights of a layer are drawn from; biases begin with what goes with it. */
public enum Initialisation {
    /** Weights and biases uniform in ±1/√inputs, as PyTorch's Linear starts them. */
    FAN_IN {
        @Override
        double weight(int inputs, int outputs) {
            return 1 / Math.sqrt(inputs);
        }

        @Override
        double bias(int inputs) {
            return 1 / Math.sqrt(inputs);
        }
    },
    /** Weights uniform in ±√(6/(inputs + outputs)), biases 0 (Glorot and Bengio 2010, Equation 16). */
    GLOROT {
        @Override
        double weight(int inputs, int outputs) {
            return Math.sqrt(6.0 / (inputs + outputs));
        }

        @Override
        double bias(int inputs) {
            return 0;
        }
    };

    /** Half the width of the distribution of weights from {@code inputs} to {@code outputs} features. */
    abstract double weight(int inputs, int outputs);

    /** The same of biases of a layer with so many inputs; 0 for a constant. */
    abstract double bias(int inputs);
}
