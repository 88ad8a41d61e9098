// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * Observability of the process: Prometheus metrics, traces, logs and the log context. The only
 * package that knows Prometheus, OpenTelemetry and Logback; the other packages call methods named
 * after events. Of this project it imports only {@code time} and {@code thread}.
 */
package io.nodeqos.telemetry;
