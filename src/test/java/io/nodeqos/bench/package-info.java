// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/**
 * Benchmarks: what the controller does to a real kube-apiserver, counted by an outside watcher and
 * by the server's audit log, never by the controller itself. {@code hack/bench} runs them.
 */
package io.nodeqos.bench;
