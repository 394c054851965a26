/** Image embedders: how an image becomes the vector that a block sees. */
package org.noprop.embedding;
