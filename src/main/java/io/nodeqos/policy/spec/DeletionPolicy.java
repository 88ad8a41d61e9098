// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.spec;

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
   *
   * @param spec of the latest version
   * @param unreadable the deletion policy when that of the latest version is a mistake
   */
  public static DeletionPolicy ofDeleted(JsonObject spec, DeletionPolicy unreadable) {
    JsonElement latest = spec.get("deletionPolicy");
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
    return unreadable;
  }
}
