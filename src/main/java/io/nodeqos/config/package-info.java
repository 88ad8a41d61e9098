// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The controller's own settings, from command line, environment, file and defaults. They are read
 * at the start, and again whenever the file changes; all mistakes are reported together. {@link
 * io.nodeqos.config.ControllerSettings} is the whole of them, immutable; the class of each section,
 * such as {@code ReconcileSection}, declares its settings and which of them are live.
 */
package io.nodeqos.config;
