// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of a value in the configuration of a node: field names, and in brackets the index of an
 * item or its name.
 */
final class ConfigPath {
  static final String SYNTAX = "[^.\\[\\]]+(\\[[^\\[\\]]+\\])*(\\.[^.\\[\\]]+(\\[[^\\[\\]]+\\])*)*";

  private static final Pattern PART = Pattern.compile("\\[([^\\[\\]]+)\\]|([^.\\[\\]]+)");

  private final List<String> parts;

  private ConfigPath(List<String> parts) {
    this.parts = parts;
  }

  static ConfigPath parse(String text) {
    List<String> parts = new ArrayList<>();
    Matcher matcher = PART.matcher(text);
    while (matcher.find()) {
      parts.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
    return new ConfigPath(parts);
  }

  /** The value as text; empty when the node has no such value. */
  Optional<String> in(JsonObject node) {
    String config = FleetJson.strings(node, "metadata", "annotations").get(Keys.CONFIG);
    if (config == null) {
      return Optional.empty();
    }
    try {
      JsonElement at = JsonParser.parseString(config);
      for (String part : parts) {
        at = step(at, part);
      }
      return Optional.ofNullable(at)
          .filter(value -> !value.isJsonNull())
          .map(value -> value.isJsonPrimitive() ? value.getAsString() : value.toString());
    } catch (JsonParseException notOurs) {
      return Optional.empty();
    }
  }

  private static JsonElement step(JsonElement at, String part) {
    if (at instanceof JsonObject object) {
      return object.get(part);
    }
    if (!(at instanceof JsonArray array)) {
      return null;
    }
    if (part.matches("\\d{1,6}")) {
      int index = Integer.parseInt(part);
      return index < array.size() ? array.get(index) : null;
    }
    for (JsonElement item : array) {
      if (item instanceof JsonObject object && FleetJson.text(object, "name").equals(part)) {
        return object;
      }
    }
    return null;
  }
}
