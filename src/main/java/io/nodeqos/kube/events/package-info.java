// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Kubernetes Events: correlated as client-go does, rate-limited, and written beside the work. */
package io.nodeqos.kube.events;
