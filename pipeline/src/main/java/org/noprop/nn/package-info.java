/** Networks described: layers with shapes and parameters, and how blocks and baselines join them. Engines execute them. */
package org.noprop.nn;
