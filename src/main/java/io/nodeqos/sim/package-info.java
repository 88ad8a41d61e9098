// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/**
 * The embedded Kubernetes API: a small in-process API server on the JDK's HTTP server, for the demo
 * and for fast tests. It keeps objects as encoded JSON, so it preserves every field it does not
 * know, and it is held to a real kube-apiserver's behaviour by the contract suite. Start with
 * {@link io.nodeqos.sim.http.ApiServer}.
 */
package io.nodeqos.sim;
