// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim;

import com.google.gson.JsonObject;

/**
 * One version of an object. Kept encoded: immutable by nature, a fraction of a JSON tree's memory,
 * and lists and watches copy the bytes. The array is never changed and never handed out for change.
 */
record StoredObject(ObjectKey key, long version, byte[] json, Selectable selectable) {

  /** A fresh tree that the caller may change. */
  JsonObject parse() {
    return Json.parseObject(json);
  }
}
