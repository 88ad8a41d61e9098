// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import com.google.gson.JsonElement;

/** What becomes of what a policy put on nodes when it is deleted or selects them no longer. */
public enum DeletionPolicy {
  /** It stays as it is. */
  KEEP("Keep"),
  /** It is taken off, on the evidence that the policy is there and says so. */
  REMOVE("Remove");

  private final String text;

  DeletionPolicy(String text) {
    this.text = text;
  }

  static DeletionPolicy parse(String text) {
    return text.equals(REMOVE.text) ? REMOVE : KEEP;
  }

  /**
   * What a policy that is being deleted wants, its latest version first, even where that one has
   * mistakes elsewhere.
   */
  static DeletionPolicy ofDeleted(PolicyCatalog.Entry entry) {
    JsonElement latest = entry.latest().spec().get("deletionPolicy");
    if (latest == null || latest.isJsonNull()) {
      return KEEP;
    }
    if (latest.isJsonPrimitive()) {
      for (DeletionPolicy one : values()) {
        if (one.text.equals(latest.getAsString())) {
          return one;
        }
      }
    }
    return entry
        .inForce()
        .map(good -> good.spec().deletionPolicy())
        .orElse(entry.latest().holdsNodes() ? REMOVE : KEEP);
  }
}
