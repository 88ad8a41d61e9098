// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Which work an event of the cluster calls for. */
package io.nodeqos.reconcile.routing;
