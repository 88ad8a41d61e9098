// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Image pulls: the limit of nodes that pull at a time, and the spinner DaemonSet that pulls. */
package io.nodeqos.reconcile.images;
