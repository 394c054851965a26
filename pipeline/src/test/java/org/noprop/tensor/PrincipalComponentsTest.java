package org.noprop.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Subspace iteration against the eigenvectors of the whole covariance. */
class PrincipalComponentsTest {
    static {
        NativeBackend.load();
    }

    private static final int ROWS = 300;
    private static final int WIDTH = 60;

    private final SplittableRandom random = new SplittableRandom(8);

    @Test
    void theLeadingComponentsAreThoseOfTheCovariance() {
        INDArray x = rows();
        SymmetricEigen exact = SymmetricEigen.of(covariance(x), WIDTH);
        PrincipalComponents found = PrincipalComponents.of(new FloatMatrix(x), 8, 8, 1);
        for (int k = 0; k < 8; k++) {
            int at = WIDTH - 1 - k;
            assertThat(found.variances()[k]).isCloseTo(exact.values()[at], within(1e-4 * exact.values()[at]));
            double inner = 0;
            for (int i = 0; i < WIDTH; i++) {
                inner += found.directions()[i * 8 + k] * exact.vectors()[at * WIDTH + i];
            }
            assertThat(Math.abs(inner)).isCloseTo(1, within(1e-3));
        }
    }

    /** The last component's variance is 2e-10 of the first one's, less than float32 tells from nothing. */
    @Test
    void componentsOfVariancesThatLieFarApartAreUncorrelated() {
        int count = 50;
        INDArray x = rows();
        PrincipalComponents found = PrincipalComponents.of(new FloatMatrix(x), count, 4, 1);
        assertThat(found.variances()[count - 1]).isLessThan(1e-8 * found.variances()[0]);
        for (int a = 0; a < count; a++) {
            for (int b = 0; b <= a; b++) {
                double correlation = covariance(x, found.directions(), count, a, b)
                        / Math.sqrt(found.variances()[a] * found.variances()[b]);
                assertThat(correlation).isCloseTo(a == b ? 1 : 0, within(0.02));
            }
        }
    }

    private static double covariance(INDArray x, float[] directions, int count, int a, int b) {
        double sum = 0;
        for (int row = 0; row < ROWS; row++) {
            double alongA = 0;
            double alongB = 0;
            for (int i = 0; i < WIDTH; i++) {
                alongA += x.getDouble(row, i) * directions[i * count + a];
                alongB += x.getDouble(row, i) * directions[i * count + b];
            }
            sum += alongA * alongB / ROWS;
        }
        return sum;
    }

    @Test
    void rowsThatAreFewerThanTheyAreWideHaveTheSameComponentsAsMany() {
        INDArray few =
                rows().get(NDArrayIndex.interval(0, 20), NDArrayIndex.all()).dup('c');
        INDArray many = Nd4j.vstack(few, few).dup('c');
        PrincipalComponents ofFew = PrincipalComponents.of(new FloatMatrix(few), 5, 6, 1);
        PrincipalComponents ofMany = PrincipalComponents.of(new FloatMatrix(many), 5, 6, 1);
        for (int k = 0; k < 5; k++) {
            assertThat(ofFew.variances()[k]).isCloseTo(ofMany.variances()[k], within(1e-4 * ofMany.variances()[k]));
            double inner = 0;
            for (int i = 0; i < WIDTH; i++) {
                inner += ofFew.directions()[i * 5 + k] * ofMany.directions()[i * 5 + k];
            }
            assertThat(Math.abs(inner)).isCloseTo(1, within(1e-3));
        }
    }

    @Test
    void allComponentsOfRowsThatSpanLessAreFinite() {
        INDArray x = Nd4j.zeros(DataType.FLOAT, 20, 12);
        for (int i = 0; i < 20; i++) {
            x.putScalar(i, 3, random.nextGaussian());
        }
        PrincipalComponents found = PrincipalComponents.of(new FloatMatrix(x), 12, 3, 1);
        assertThat(found.variances()[0]).isPositive();
        for (float value : found.directions()) {
            assertThat(value).isFinite();
        }
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        INDArray x = rows();
        PrincipalComponents once = PrincipalComponents.of(new FloatMatrix(x), 5, 3, 2);
        assertThat(PrincipalComponents.of(new FloatMatrix(x), 5, 3, 2).directions())
                .isEqualTo(once.directions());
    }

    @Test
    void theMemoryItTakesIsMostlyThatOfTheRows() {
        assertThat(PrincipalComponents.bytes(10_000, 16_000, 1)).isBetween(640_000_000L, 660_000_000L);
        assertThat(PrincipalComponents.bytes(10, 20, 10)).isEqualTo(4L * (200 + 2 * 10 * 30 + 2 * 20 * 10 + 1000));
    }

    /** Component i has a standard deviation of about 0.8^i, then all are mixed. */
    private INDArray rows() {
        INDArray x = Nd4j.create(DataType.FLOAT, ROWS, WIDTH);
        double[] mix = new double[WIDTH * WIDTH];
        for (int i = 0; i < mix.length; i++) {
            mix[i] = random.nextGaussian() / Math.sqrt(WIDTH);
        }
        for (int row = 0; row < ROWS; row++) {
            double[] values = new double[WIDTH];
            for (int i = 0; i < WIDTH; i++) {
                double source = random.nextGaussian() * Math.pow(0.8, i);
                for (int j = 0; j < WIDTH; j++) {
                    values[j] += source * mix[i * WIDTH + j];
                }
            }
            for (int j = 0; j < WIDTH; j++) {
                x.putScalar(row, j, values[j]);
            }
        }
        return x;
    }

    private static double[] covariance(INDArray x) {
        double[] covariance = new double[WIDTH * WIDTH];
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < WIDTH; i++) {
                for (int j = 0; j < WIDTH; j++) {
                    covariance[i * WIDTH + j] += x.getDouble(row, i) * x.getDouble(row, j) / ROWS;
                }
            }
        }
        return covariance;
    }
}
