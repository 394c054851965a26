/** What runs: the command line, and an entry point for spark-submit per command. */
package org.noprop.jobs;
