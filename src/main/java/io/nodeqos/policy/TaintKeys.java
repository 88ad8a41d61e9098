// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.node.StartupTaintPrefixes;
import io.nodeqos.policy.spec.Section;
import java.util.Optional;

/** Reads the startup taint of a version of a policy, even with mistakes in other fields. */
final class TaintKeys {
  private TaintKeys() {}

  /** Empty when it names none that is allowed. */
  static Optional<String> in(JsonObject spec, StartupTaintPrefixes prefixes) {
    return Optional.ofNullable(spec.get(Section.WARM_UP.field()))
        .filter(JsonElement::isJsonObject)
        .map(warmUp -> warmUp.getAsJsonObject().get("taintKey"))
        .filter(JsonElement::isJsonPrimitive)
        .map(JsonElement::getAsString)
        .filter(prefixes::allow);
  }
}
