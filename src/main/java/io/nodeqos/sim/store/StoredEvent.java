// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.store;

/**
 * One change of an object, as the event window and the watches share it.
 *
 * @param object the object after the change; of a deletion its last state, with the version of the
 *     deletion
 * @param before the object before the change, null for a creation
 */
public record StoredEvent(Type type, StoredObject object, StoredObject before) {
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED
  }

  public long version() {
    return object.version();
  }
}
