// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The simulated fleet: nodes, kubelets and the DaemonSet controller, as clients of the embedded
 * API.
 */
package io.nodeqos.sim.fleet;
