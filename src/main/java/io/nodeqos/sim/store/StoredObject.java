// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.store;

import com.google.gson.JsonObject;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ObjectKey;
import io.nodeqos.sim.model.Selectable;

/**
 * One version of an object. Kept encoded: immutable, a fraction of a JSON tree's memory, and lists
 * and watches copy the bytes. The array is never changed and never handed out for change.
 */
public record StoredObject(ObjectKey key, long version, byte[] json, Selectable selectable) {

  /** A fresh tree that the caller may change. */
  public JsonObject parse() {
    return Json.parseObject(json);
  }
}
