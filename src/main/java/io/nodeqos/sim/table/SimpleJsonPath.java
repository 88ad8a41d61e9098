// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.table;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.sim.model.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JSONPath that printer columns use: fields, {@code ['a.b']}, {@code [0]}, {@code [*]} and one
 * equality filter {@code [?(@.type=="Ready")]}. The first match counts.
 */
record SimpleJsonPath(List<Step> steps) {
  private static final Pattern STEP =
      Pattern.compile(
          "\\.((?:[^.\\[\\\\]|\\\\.)+)"
              + "|\\[['\"]([^'\"]*)['\"]\\]"
              + "|\\[(\\d+|\\*)\\]"
              + "|\\[\\?\\(@\\.([^=!<> ]+)\\s*==\\s*['\"]([^'\"]*)['\"]\\)\\]");

  /** One step; exactly one of field, index and filter is set. */
  record Step(String field, String index, String filterField, String filterValue) {}

  /** Parses the supported steps; any other path never has a value. */
  static SimpleJsonPath parse(String text) {
    List<Step> steps = new ArrayList<>();
    Matcher matcher = STEP.matcher(text.startsWith(".") ? text : "." + text);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      String field = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
      steps.add(
          new Step(
              field == null ? null : field.replace("\\", ""),
              matcher.group(3),
              matcher.group(4),
              matcher.group(5)));
      end = matcher.end();
    }
    boolean complete = end == matcher.regionEnd();
    return new SimpleJsonPath(complete ? List.copyOf(steps) : List.of());
  }

  /** The value, or null when there is none. */
  JsonElement find(JsonObject root) {
    JsonElement current = steps.isEmpty() ? null : root;
    for (Step step : steps) {
      current = next(current, step);
    }
    return current;
  }

  private static JsonElement next(JsonElement from, Step step) {
    if (Json.isNull(from)) {
      return null;
    }
    if (step.field() != null) {
      return from.isJsonObject() ? from.getAsJsonObject().get(step.field()) : null;
    }
    if (!from.isJsonArray()) {
      return null;
    }
    if (step.index() != null) {
      int index = step.index().equals("*") ? 0 : Integer.parseInt(step.index());
      return index < from.getAsJsonArray().size() ? from.getAsJsonArray().get(index) : null;
    }
    for (JsonElement item : from.getAsJsonArray()) {
      if (item.isJsonObject()
          && Json.string(item.getAsJsonObject(), step.filterField()).equals(step.filterValue())) {
        return item;
      }
    }
    return null;
  }
}
