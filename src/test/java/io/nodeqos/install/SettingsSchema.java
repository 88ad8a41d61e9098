// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.install;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.config.SettingInfo;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings as a JSON schema of nested sections. */
final class SettingsSchema {
  private static final Pattern INTEGER = Pattern.compile("a whole number from (\\d+) to (\\d+)");
  private static final Pattern NUMBER = Pattern.compile("a number from (\\d+) to (\\d+)");

  private SettingsSchema() {}

  static JsonObject of(List<SettingInfo> settings) {
    JsonObject root = section();
    for (SettingInfo setting : settings) {
      JsonObject at = root;
      String[] steps = setting.key().split("\\.", -1);
      for (int i = 0; i < steps.length - 1; i++) {
        JsonObject properties = at.getAsJsonObject("properties");
        if (!properties.has(steps[i])) {
          properties.add(steps[i], section());
        }
        at = properties.getAsJsonObject(steps[i]);
      }
      at.getAsJsonObject("properties").add(steps[steps.length - 1], value(setting));
    }
    return root;
  }

  private static JsonObject section() {
    JsonObject section = new JsonObject();
    section.addProperty("type", "object");
    section.addProperty("additionalProperties", false);
    section.add("properties", new JsonObject());
    return section;
  }

  private static JsonObject value(SettingInfo setting) {
    JsonObject value = new JsonObject();
    value.addProperty(
        "description",
        setting.doc() + " Default " + setting.defaultValue() + "; " + setting.allowed() + ".");
    describe(setting.allowed(), value);
    return value;
  }

  private static void describe(String allowed, JsonObject value) {
    Matcher integer = INTEGER.matcher(allowed);
    Matcher number = NUMBER.matcher(allowed);
    if (integer.matches()) {
      bounds("integer", integer, value);
    } else if (number.matches()) {
      bounds("number", number, value);
    } else if (allowed.equals("true or false")) {
      value.addProperty("type", "boolean");
    } else if (allowed.startsWith("one of ")) {
      value.add("enum", words(allowed.substring("one of ".length()).split(", ")));
    } else if (allowed.startsWith("a list of ")) {
      value.add("type", words("array", "string"));
      value.add("items", type("string"));
    } else if (allowed.startsWith("a duration ")) {
      value.addProperty("type", "string");
      value.addProperty("pattern", "^([0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h))+$");
    } else if (allowed.startsWith("a percentage ")) {
      value.addProperty("type", "string");
      value.addProperty("pattern", "^[0-9]{1,3}%$");
    } else if (allowed.startsWith("a quantity ")) {
      value.add("type", words("string", "number"));
    } else {
      value.addProperty("type", "string");
    }
  }

  private static void bounds(String type, Matcher bounds, JsonObject value) {
    value.addProperty("type", type);
    value.addProperty("minimum", Long.valueOf(bounds.group(1)));
    value.addProperty("maximum", Long.valueOf(bounds.group(2)));
  }

  private static JsonObject type(String name) {
    JsonObject type = new JsonObject();
    type.addProperty("type", name);
    return type;
  }

  private static JsonArray words(String... words) {
    JsonArray array = new JsonArray();
    List.of(words).forEach(word -> array.add(new JsonPrimitive(word)));
    return array;
  }
}
