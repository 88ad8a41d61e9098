// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * What is known of the cluster: the caches of all resources behind {@code ClusterView}, fed by the
 * informers.
 */
package io.nodeqos.kube.cache;
