// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

/**
 * A Namespace.
 *
 * @param reserved it carries the label {@link Keys#RESERVED} with the value {@code "true"}
 */
public record NamespaceView(String name, String resourceVersion, boolean reserved) {}
