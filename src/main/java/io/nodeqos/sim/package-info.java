// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/**
 * The embedded Kubernetes API: a small in-process API server on the JDK's HTTP server, for the demo
 * and for fast tests. It keeps objects as encoded JSON, so it preserves unknown fields, and the
 * contract suite compares it with a real kube-apiserver. Start with {@link
 * io.nodeqos.sim.http.ApiServer}.
 */
package io.nodeqos.sim;
