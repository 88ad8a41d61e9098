// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Small values of the Kubernetes API: quantities, selectors, taints, durations. */
package io.nodeqos.node.value;
