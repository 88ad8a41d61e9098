// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.snapshot;

import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.preview.ClusterSnapshot.Controller;

/**
 * The parts of a cluster that a snapshot shall have.
 *
 * @param controller of {@link SnapshotReader#controller}
 * @param settings of the controller: the reserved namespaces and the annotations of nodes that it
 *     reads. The other settings of it do not matter here
 * @param extendedRequests true to read the pods of all namespaces, for their requests of extended
 *     resources of the controller
 */
public record Wanted(Controller controller, KubeSettings settings, boolean extendedRequests) {}
