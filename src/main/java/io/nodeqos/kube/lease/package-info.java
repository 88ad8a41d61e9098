// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The Lease: the requests of the election, and a watch. */
package io.nodeqos.kube.lease;
