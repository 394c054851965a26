/** ND4J: kernels of ours, choice and check of the native backend, tensors in host memory. */
package org.noprop.tensor;
