package org.noprop.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class SessionsTest {

    private static SparkConf settings(String... keysAndValues) {
        SparkConf conf = new SparkConf(false);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            conf.set(keysAndValues[i], keysAndValues[i + 1]);
        }
        return Sessions.withDefaults(conf, Command.TRAIN_BLOCKS);
    }

    @Test
    void withoutAnySettingSparkRunsHereOnAllCores() {
        SparkConf conf = settings();
        assertThat(conf.get("spark.master")).isEqualTo("local[*]");
        assertThat(conf.get("spark.app.name")).isEqualTo("noprop train-blocks");
        assertThat(conf.get("spark.driver.host")).isEqualTo("localhost");
        assertThat(conf.get("spark.sql.session.timeZone")).isEqualTo("UTC");
        assertThat(conf.get("spark.executorEnv.OMP_NUM_THREADS")).isEqualTo("1");
    }

    @Test
    void theUsersSettingsStay() {
        SparkConf conf =
                settings("spark.master", "yarn", "spark.app.name", "mine", "spark.executorEnv.OMP_NUM_THREADS", "3");
        assertThat(conf.get("spark.master")).isEqualTo("yarn");
        assertThat(conf.get("spark.app.name")).isEqualTo("mine");
        assertThat(conf.get("spark.executorEnv.OMP_NUM_THREADS")).isEqualTo("3");
        assertThat(conf.contains("spark.driver.host")).isFalse();
    }

    @Test
    void nativeThreadsAreAsManyAsATasksCpus() {
        assertThat(settings("spark.task.cpus", "4").get("spark.executorEnv.OMP_NUM_THREADS"))
                .isEqualTo("4");
    }
}
