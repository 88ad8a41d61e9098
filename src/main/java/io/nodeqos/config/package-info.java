// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The controller's own settings: read once from command line, environment, file and defaults, all
 * mistakes reported together, immutable from then on. {@link io.nodeqos.config.ControllerSettings}
 * is the whole of them and the one place where a setting is declared.
 */
package io.nodeqos.config;
