// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/** Prometheus metrics, one class for each group. */
package io.nodeqos.telemetry.metrics;
