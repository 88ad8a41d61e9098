// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The caches of all resources of the cluster behind {@code ClusterView}, fed by the informers. */
package io.nodeqos.kube.cache;
