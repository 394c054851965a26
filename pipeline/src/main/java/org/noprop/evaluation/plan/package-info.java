/** How long a run would take on a cluster, from step times that were measured on one core. */
package org.noprop.evaluation.plan;
