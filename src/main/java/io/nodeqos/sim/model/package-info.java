// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The shared types of the embedded API: objects as JSON, resource types, errors. */
package io.nodeqos.sim.model;
