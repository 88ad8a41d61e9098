// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** What kube-apiserver checks, completes and changes when an object is written. */
package io.nodeqos.sim.rules;
