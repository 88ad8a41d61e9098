// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/**
 * The product as it is installed: its Deployment, on a real cluster of kubelets with containers
 * that {@code hack/cluster} starts.
 */
package io.nodeqos.cluster;
