/** The configuration: records, HOCON reading, checks that report every mistake at once. */
package org.noprop.config;
