// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/**
 * Whether the state of a policy on nodes stays when the policy is deleted or no longer selects
 * them.
 */
public enum DeletionPolicy {
  /** It stays. */
  KEEP("Keep"),
  /** It is removed, on the evidence of the present policy with this value. */
  REMOVE("Remove");

  private final String text;

  DeletionPolicy(String text) {
    this.text = text;
  }

  /** The deletion policy of a valid spec. */
  public static DeletionPolicy of(JsonObject spec) {
    JsonElement value = spec.get("deletionPolicy");
    return value != null && value.isJsonPrimitive() ? parse(value.getAsString()) : KEEP;
  }

  static DeletionPolicy parse(String text) {
    return text.equals(REMOVE.text) ? REMOVE : KEEP;
  }

  /**
   * The deletion policy of a policy that is being deleted: the latest version comes first, even
   * with mistakes in other fields.
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
