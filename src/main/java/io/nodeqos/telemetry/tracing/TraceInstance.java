// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

/**
 * The process of the spans.
 *
 * @param uid of the pod
 */
public record TraceInstance(String pod, String uid, String namespace, String version) {}
