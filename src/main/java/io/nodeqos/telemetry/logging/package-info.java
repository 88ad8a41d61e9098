// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** The log: its format, level and context. */
package io.nodeqos.telemetry.logging;
