// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The Lease: its requests for the election, and a watch of it. */
package io.nodeqos.kube.lease;
