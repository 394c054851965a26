/** The networks of blocks and baseline: units with their own kernels, the graphs that join them, and what they are trained for. */
package org.noprop.network;
