// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The demo: this controller on the embedded API, with simulated nodes and a failover. Not in the
 * image.
 */
package io.nodeqos.cli.demo;
