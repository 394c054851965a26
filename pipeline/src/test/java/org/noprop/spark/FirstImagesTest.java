package org.noprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.noprop.tensor.ImageShape;

class FirstImagesTest {
    @Test
    void ofLargeImagesFewerAreKept() {
        assertThat(FirstImages.most(new ImageShape(28, 28, 1))).isEqualTo(60);
        assertThat(FirstImages.most(new ImageShape(512, 512, 3))).isEqualTo(10);
        assertThat(FirstImages.most(new ImageShape(4096, 4096, 3))).isZero();
    }
}
