// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.plan;

import io.nodeqos.preview.edit.FieldChange;
import java.util.Optional;

/** A changed field of a policy for a reader. */
public final class FieldText {
  private FieldText() {}

  /** {@code +} for a field that is added, {@code -} for one that is removed, else {@code ~}. */
  public static String sign(FieldChange change) {
    return change.before().isEmpty() ? "+" : change.after().isEmpty() ? "-" : "~";
  }

  /** Both values, or the one that there is. */
  public static String value(FieldChange change) {
    Optional<String> before = change.before().map(v -> ValueText.of(change.path(), v));
    Optional<String> after = change.after().map(v -> ValueText.of(change.path(), v));
    return before.isPresent() && after.isPresent()
        ? before.get() + " -> " + after.get()
        : before.or(() -> after).orElse("");
  }
}
