package org.noprop.config;

/**
 * An interval of allowed numbers; infinities and NaN are in none.
 *
 * @param least its lower end
 * @param withLeast whether the lower end belongs to it
 * @param most its upper end, infinite if it has none
 * @param withMost whether the upper end belongs to it
 */
record Range(double least, boolean withLeast, double most, boolean withMost) {

    /** [least, ∞). */
    static Range atLeast(double least) {
        return new Range(least, true, Double.POSITIVE_INFINITY, false);
    }

    /** (least, ∞). */
    static Range above(double least) {
        return new Range(least, false, Double.POSITIVE_INFINITY, false);
    }

    /** [least, most]. */
    static Range closed(double least, double most) {
        return new Range(least, true, most, true);
    }

    /** [least, most). */
    static Range halfOpen(double least, double most) {
        return new Range(least, true, most, false);
    }

    /** (least, most). */
    static Range open(double least, double most) {
        return new Range(least, false, most, false);
    }

    boolean contains(double value) {
        return (withLeast ? value >= least : value > least) && (withMost ? value <= most : value < most);
    }

    /** What a number must be: {@code >= 1}, {@code > 0}, {@code in [0, 1)}. */
    @Override
    public String toString() {
        if (Double.isInfinite(most)) {
            return (withLeast ? ">= " : "> ") + plain(least);
        }
        return "in " + (withLeast ? "[" : "(") + plain(least) + ", " + plain(most) + (withMost ? "]" : ")");
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
