/** The block and the baseline network behind small interfaces, and the DL4J layers that they are made of. */
package org.noprop.network;
