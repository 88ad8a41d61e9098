// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The embedded API server: its HTTP side, faults to inject, and the audit file. */
package io.nodeqos.sim.http;
