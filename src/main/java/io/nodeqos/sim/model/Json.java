// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.model;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes of JSON trees by field name; an absent field and a null one are the same. */
public final class Json {
  private static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

  private Json() {}

  /** Parses one complete JSON document, strictly; anything else is a {@link JsonParseException}. */
  public static JsonElement parse(byte[] text) {
    JsonReader reader = new JsonReader(new StringReader(new String(text, StandardCharsets.UTF_8)));
    reader.setStrictness(Strictness.STRICT);
    JsonElement element = JsonParser.parseReader(reader);
    try {
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new JsonParseException("invalid character after top-level value");
      }
    } catch (IOException e) {
      throw new JsonParseException(e);
    }
    return element;
  }

  public static JsonObject parseObject(byte[] text) {
    return parse(text).getAsJsonObject();
  }

  public static byte[] encode(JsonElement element) {
    return GSON.toJson(element).getBytes(StandardCharsets.UTF_8);
  }

  public static boolean isNull(JsonElement element) {
    return element == null || element.isJsonNull();
  }

  /** The object at the path, or null when a step is absent or no object. */
  public static JsonObject object(JsonObject from, String... path) {
    JsonObject current = from;
    for (String step : path) {
      JsonElement next = current == null ? null : current.get(step);
      current = next != null && next.isJsonObject() ? next.getAsJsonObject() : null;
    }
    return current;
  }

  /** The object at the field, put there empty when it is absent. */
  public static JsonObject childObject(JsonObject parent, String field) {
    JsonObject child = object(parent, field);
    if (child == null) {
      child = new JsonObject();
      parent.add(field, child);
    }
    return child;
  }

  public static JsonElement element(JsonObject from, String... path) {
    JsonElement current = from;
    for (String step : path) {
      current =
          current != null && current.isJsonObject() ? current.getAsJsonObject().get(step) : null;
    }
    return isNull(current) ? null : current;
  }

  /** The scalar at the path as text, or "". */
  public static String string(JsonObject from, String... path) {
    JsonElement found = element(from, path);
    return found != null && found.isJsonPrimitive() ? found.getAsString() : "";
  }

  /** The number at the path, or the default when it is absent or no whole number. */
  public static long number(JsonObject from, long otherwise, String... path) {
    String text = string(from, path);
    try {
      return text.isEmpty() ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  public static JsonArray array(JsonObject from, String... path) {
    JsonElement found = element(from, path);
    return found != null && found.isJsonArray() ? found.getAsJsonArray() : new JsonArray();
  }

  /** The objects in the array at the path; other items are skipped. */
  public static List<JsonObject> objects(JsonObject from, String... path) {
    List<JsonObject> found = new ArrayList<>();
    for (JsonElement item : array(from, path)) {
      if (item.isJsonObject()) {
        found.add(item.getAsJsonObject());
      }
    }
    return found;
  }

  public static List<String> strings(JsonObject from, String... path) {
    List<String> found = new ArrayList<>();
    for (JsonElement item : array(from, path)) {
      if (item.isJsonPrimitive()) {
        found.add(item.getAsString());
      }
    }
    return found;
  }

  public static Map<String, String> stringMap(JsonObject from, String... path) {
    JsonObject found = object(from, path);
    Map<String, String> map = new LinkedHashMap<>();
    if (found != null) {
      for (Map.Entry<String, JsonElement> entry : found.entrySet()) {
        if (entry.getValue().isJsonPrimitive()) {
          map.put(entry.getKey(), entry.getValue().getAsString());
        }
      }
    }
    return map;
  }

  public static JsonArray arrayOf(Iterable<String> items) {
    JsonArray array = new JsonArray();
    items.forEach(item -> array.add(new JsonPrimitive(item)));
    return array;
  }

  /** Puts the other object's field here, or removes it here when the other has none. */
  public static void copyField(String field, JsonObject from, JsonObject to) {
    JsonElement value = from.get(field);
    if (value == null) {
      to.remove(field);
    } else {
      to.add(field, value);
    }
  }
}
