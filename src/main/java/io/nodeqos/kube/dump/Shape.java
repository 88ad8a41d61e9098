// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The part of a JSON value that a dump keeps: an allow-list, so that a new field is left out. */
interface Shape {
  Shape ALL = Optional::of;

  /** Empty for a value of which nothing is kept. */
  Optional<JsonElement> kept(JsonElement value);

  /** The whole values of some keys of a map. */
  static Shape keys(Predicate<String> wanted) {
    return value -> {
      if (!value.isJsonObject()) {
        return Optional.empty();
      }
      JsonObject kept = new JsonObject();
      value
          .getAsJsonObject()
          .entrySet()
          .forEach(
              entry -> {
                if (wanted.test(entry.getKey())) {
                  kept.add(entry.getKey(), entry.getValue());
                }
              });
      return kept.isEmpty() ? Optional.empty() : Optional.of(kept);
    };
  }

  /** Some fields of an object, each in its own shape. */
  static Shape fields(Map<String, Shape> shapes) {
    return value -> {
      if (!value.isJsonObject()) {
        return Optional.empty();
      }
      JsonObject kept = new JsonObject();
      value
          .getAsJsonObject()
          .entrySet()
          .forEach(
              entry ->
                  Optional.ofNullable(shapes.get(entry.getKey()))
                      .flatMap(shape -> shape.kept(entry.getValue()))
                      .ifPresent(part -> kept.add(entry.getKey(), part)));
      return kept.isEmpty() ? Optional.empty() : Optional.of(kept);
    };
  }

  /** The whole values of some fields of an object. */
  static Shape fields(String... names) {
    return keys(Set.of(names)::contains);
  }

  /**
   * Each element of an array in the same shape; an element of which nothing is kept is left out.
   */
  static Shape each(Shape element) {
    return value -> {
      if (!value.isJsonArray()) {
        return Optional.empty();
      }
      JsonArray kept = new JsonArray();
      value.getAsJsonArray().forEach(one -> element.kept(one).ifPresent(kept::add));
      return Optional.of(kept);
    };
  }
}
