/** Label embeddings and the heads that read classes from them. */
package org.noprop.label;
