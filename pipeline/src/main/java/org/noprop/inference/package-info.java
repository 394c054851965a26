/** The assembled model and its predictions. No method here takes a label. */
package org.noprop.inference;
