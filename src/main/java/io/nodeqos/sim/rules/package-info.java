// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The checks, defaults and changes of kube-apiserver when an object is written. */
package io.nodeqos.sim.rules;
