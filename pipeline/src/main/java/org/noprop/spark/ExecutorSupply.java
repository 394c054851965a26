package org.noprop.spark;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.Option;
import scala.collection.JavaConverters;

/** What was asked for and what is there, for messages about what does not come. */
final class ExecutorSupply {
    private static final String DRIVER = "driver";
    private static final String GPU = "gpu";

    private ExecutorSupply() {}

    /** How many executors there are; in local mode the driver is one. */
    static int executors(JavaSparkContext spark) {
        return executorList(spark).size();
    }

    /** "executors of 2 cores and 1g were asked for, and there is none". */
    static String ofExecutors(JavaSparkContext spark) {
        SparkConf conf = spark.getConf();
        String cores = conf.contains("spark.executor.cores")
                ? count(conf.getInt("spark.executor.cores", 1), "core")
                : "all cores of a worker";
        int gpus = conf.getInt("spark.executor.resource.gpu.amount", 0);
        return "executors of " + cores + (gpus == 0 ? "" : ", " + count(gpus, "GPU")) + " and "
                + conf.get("spark.executor.memory", "1g") + " of memory were asked for, and " + there(spark);
    }

    /** "a task asks for 1 core and 1 GPU, and there are 2 executors with 4 cores". */
    static String ofTasks(JavaSparkContext spark, TaskResources resources) {
        return "a task asks for " + resources.describe(spark.getConf()) + ", and " + there(spark);
    }

    private static String there(JavaSparkContext spark) {
        List<ExecutorSummary> executors = executorList(spark);
        if (executors.isEmpty()) {
            return "there is none";
        }
        int cores = executors.stream().mapToInt(ExecutorSummary::totalCores).sum();
        int gpus = executors.stream().mapToInt(ExecutorSupply::gpus).sum();
        return (executors.size() == 1 ? "there is " : "there are ") + count(executors.size(), "executor") + " with "
                + count(cores, "core") + (gpus == 0 ? "" : " and " + count(gpus, "GPU"));
    }

    private static List<ExecutorSummary> executorList(JavaSparkContext spark) {
        return JavaConverters.seqAsJavaList(spark.sc().statusStore().executorList(true)).stream()
                .filter(executor -> spark.isLocal() || !executor.id().equals(DRIVER))
                .toList();
    }

    private static int gpus(ExecutorSummary executor) {
        Option<ResourceInformation> gpus = executor.resources().get(GPU);
        return gpus.isEmpty() ? 0 : gpus.get().addresses().length;
    }

    static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
