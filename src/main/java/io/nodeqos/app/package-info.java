// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The only place that wires: {@link io.nodeqos.app.Parts} says what there is, {@link
 * io.nodeqos.app.App} in which order it starts and stops.
 */
package io.nodeqos.app;
