// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The clocks of this process: {@link io.nodeqos.time.TimeSource} to read, {@link
 * io.nodeqos.time.Deadline} for a thread that waits, {@link io.nodeqos.time.Pauses} between two
 * requests. No other code reads a clock of the machine, so that a test can hold time still. Every
 * package may import this one, which imports none of this project.
 */
package io.nodeqos.time;
