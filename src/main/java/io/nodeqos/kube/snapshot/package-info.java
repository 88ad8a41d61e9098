// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Reads everything that decisions depend on from an API server, once. */
package io.nodeqos.kube.snapshot;
