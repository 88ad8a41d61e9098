// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import java.util.Objects;

/**
 * What caused a key to be queued. The queue only carries it; when causes pile up, the first is
 * kept.
 *
 * @param kind kind of the object whose event it was, for example {@code Pod}; empty if unknown
 * @param namespace namespace of that object; empty for a cluster-scoped one
 */
public record Trigger(String kind, String namespace) {

  /** No known cause; gives way to any other. */
  public static final Trigger NONE = new Trigger("", "");

  public Trigger {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(namespace, "namespace");
  }

  Trigger orIfNone(Trigger later) {
    return equals(NONE) ? later : this;
  }
}
