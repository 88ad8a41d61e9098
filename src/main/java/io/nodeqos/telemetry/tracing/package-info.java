// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** OpenTelemetry: one trace for each warm-up, one span for each reconcile. */
package io.nodeqos.telemetry.tracing;
