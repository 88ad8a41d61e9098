// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.edit;

import com.google.gson.JsonElement;
import java.util.Optional;

/**
 * One changed field of a policy.
 *
 * @param path such as {@code spec.quota.classes[batch].memory.high}; an element of a list is named
 *     by the field that distinguishes it
 * @param before empty for a field that is added
 * @param after empty for a field that is removed
 */
public record FieldChange(String path, Optional<JsonElement> before, Optional<JsonElement> after) {
  /** The kind of the change, for programs. */
  public String op() {
    return before.isEmpty() ? "add" : after.isEmpty() ? "remove" : "replace";
  }
}
