package org.noprop.config;

/**
 * Where runs go and what seeds them.
 *
 * @param name the configuration's name, the first part of a run's id: that of the preset's file unless set
 * @param dir folder of all runs, a path of any Hadoop file system
 * @param seed what every random draw is a function of
 */
public record RunConfig(String name, String dir, long seed) {}
