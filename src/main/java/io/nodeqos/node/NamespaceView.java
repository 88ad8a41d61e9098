// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

/**
 * A Namespace.
 *
 * @param uid distinguishes it from another namespace of the same name
 * @param reserved it carries the label {@link Keys#RESERVED} with the value {@code "true"}
 */
public record NamespaceView(String name, String uid, String resourceVersion, boolean reserved) {}
