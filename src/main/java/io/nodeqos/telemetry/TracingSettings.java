// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry;

/**
 * Settings of tracing that the standard {@code OTEL_*} variables do not cover.
 *
 * @param annotationKey the Node annotation that carries the W3C trace context; KEP-5915 drafts
 *     {@code tracing.k8s.io/traceparent}
 */
public record TracingSettings(String annotationKey) {

  public static final TracingSettings DEFAULTS = new TracingSettings("nodeqos.io/traceparent");
}
