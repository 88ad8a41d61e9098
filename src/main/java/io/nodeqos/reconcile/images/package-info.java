// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Image pulls: which nodes may pull now, and the spinner DaemonSet that pulls. */
package io.nodeqos.reconcile.images;
