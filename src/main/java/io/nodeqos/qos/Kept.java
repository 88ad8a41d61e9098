// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import java.util.List;

/** What stays on a node as it is, because the foreign worker that it is of gives no answer. */
public final class Kept {
  private final List<Owned> silent;

  Kept(List<Owned> silent) {
    this.silent = List.copyOf(silent);
  }

  public boolean isEmpty() {
    return silent.isEmpty();
  }

  /** Whether a section of the annotation that no worker contributes now has to stay. */
  public boolean section(String name) {
    return silent.stream().anyMatch(owned -> owned.section(name));
  }

  /** Whether an extended resource that no worker contributes now has to stay. */
  public boolean resource(String name) {
    return silent.stream().anyMatch(owned -> owned.resource(name));
  }
}
