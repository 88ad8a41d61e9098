// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.util.Set;

/** A CSINode: which storage drivers are registered on the node of the same name. */
public record CsiNodeView(String name, String resourceVersion, Set<String> drivers) {
  public CsiNodeView {
    drivers = Set.copyOf(drivers);
  }
}
