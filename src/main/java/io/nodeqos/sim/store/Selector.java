// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.store;

/** The objects of a collection that a list, watch or collection delete selects. */
public record Selector(String namespace, LabelSelector labels, FieldSelector fields) {

  public boolean matches(StoredObject object) {
    return (namespace.isEmpty() || namespace.equals(object.key().namespace()))
        && labels.matches(object.selectable().labels())
        && fields.matches(object.selectable().fields());
  }

  public boolean isEverything() {
    return labels.isEmpty() && fields.isEmpty();
  }
}
