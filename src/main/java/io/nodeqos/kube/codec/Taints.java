// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.value.Taint;
import java.io.IOException;
import java.util.Optional;

/** Reads taints and keeps their unknown fields. */
final class Taints {
  private Taints() {}

  /** Empty when the element is no taint at all. */
  static Optional<Taint> read(TolerantReader in) throws IOException {
    JsonElement element = in.tree();
    if (!element.isJsonObject()) {
      return Optional.empty();
    }
    JsonObject taint = element.getAsJsonObject();
    return Optional.of(
        new Taint(
            string(taint, "key"),
            string(taint, "value"),
            string(taint, "effect"),
            taint.toString()));
  }

  private static String string(JsonObject object, String field) {
    JsonElement value = object.get(field);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
  }
}
