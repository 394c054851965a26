package org.noprop.jobs;

/** What a command does once its configuration is checked and Spark runs. */
@FunctionalInterface
interface Job {

    /**
     * Does it to the end.
     *
     * @throws org.noprop.config.InvalidConfigException if settings cannot be met
     * @throws org.noprop.data.InvalidInputException if a file or folder cannot be used
     */
    void run(JobContext context);
}
