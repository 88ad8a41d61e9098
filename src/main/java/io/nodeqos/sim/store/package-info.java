// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The stored objects with their versions, watches of them, and selectors. */
package io.nodeqos.sim.store;
