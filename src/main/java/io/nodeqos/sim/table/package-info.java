// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The tables of {@code kubectl get}. */
package io.nodeqos.sim.table;
