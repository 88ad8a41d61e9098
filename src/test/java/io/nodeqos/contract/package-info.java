// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/**
 * The contract suite: what this project relies on in a Kubernetes API server, checked over plain
 * HTTP. It knows no server in particular and asserts only what a real kube-apiserver does, so that
 * the embedded one is held to the same truth.
 */
package io.nodeqos.contract;
