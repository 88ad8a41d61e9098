// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * What the process tells about itself: Prometheus metrics, traces, logs and the log context. The
 * only package that knows Prometheus, OpenTelemetry and Logback; everything else calls methods
 * named after what happened. Of this project it imports nothing but {@code time} and {@code
 * thread}.
 */
package io.nodeqos.telemetry;
