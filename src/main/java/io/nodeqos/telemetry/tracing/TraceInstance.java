// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

/**
 * Which process the spans are of.
 *
 * @param uid of the pod
 */
public record TraceInstance(String pod, String uid, String namespace, String version) {}
