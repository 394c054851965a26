package org.noprop.jobs;

import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** A Spark session that is opened when it is first asked for, and closed if it was. */
final class LazySession implements AutoCloseable {
    private final Supplier<SparkSession> sessions;
    private SparkSession session;

    LazySession(Supplier<SparkSession> sessions) {
        this.sessions = sessions;
    }

    SparkSession get() {
        if (session == null) {
            session = sessions.get();
        }
        return session;
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
        }
    }
}
