// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
/**
 * A real etcd and kube-apiserver for tests, started by {@code hack/control-plane}. There is no
 * kubelet and no controller in it: what these do, a test does itself.
 */
package io.nodeqos.realapi;
