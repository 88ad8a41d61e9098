// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The resources that the embedded API serves: reading, writing, deleting and discovery. */
package io.nodeqos.sim.resource;
