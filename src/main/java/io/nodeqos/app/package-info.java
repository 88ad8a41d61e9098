// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The process: {@link io.nodeqos.app.Wiring} builds the services and lists the components, {@link
 * io.nodeqos.app.App} starts the list from top to bottom and stops it from bottom to top.
 */
package io.nodeqos.app;
