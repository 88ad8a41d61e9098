// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * Lists and watches of one resource: paging, resuming, backing off, and the position of a cache.
 */
package io.nodeqos.kube.watch;
