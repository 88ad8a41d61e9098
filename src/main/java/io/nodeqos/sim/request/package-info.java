// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** One request to the embedded API, and its reply. */
package io.nodeqos.sim.request;
