// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.site;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A part of an OpenAPI schema, in words. */
record SchemaNode(Map<String, Object> schema) {
  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object yaml) {
    return yaml == null ? Map.of() : (Map<String, Object>) yaml;
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> maps(Object yaml) {
    return yaml == null ? List.of() : (List<Map<String, Object>>) yaml;
  }

  Map<String, SchemaNode> fields() {
    Map<String, SchemaNode> fields = new LinkedHashMap<>();
    map(schema.get("properties")).forEach((name, s) -> fields.put(name, new SchemaNode(map(s))));
    return fields;
  }

  /** Of a list its items, else the node itself. */
  SchemaNode item() {
    return isList() ? new SchemaNode(map(schema.get("items"))) : this;
  }

  boolean isObject() {
    return item().schema.containsKey("properties") || type().equals("object");
  }

  String suffix() {
    return isList() ? "[]" : "";
  }

  String description() {
    return text("description").replaceAll("\\s+", " ").strip();
  }

  String type() {
    if (isList()) {
      return "list of " + item().type() + "s";
    }
    if (schema.containsKey("additionalProperties")) {
      return "map of strings";
    }
    return schema.containsKey("x-kubernetes-int-or-string") ? "number or string" : text("type");
  }

  /** The default of a field, or that it is required. */
  String defaultOf(String field) {
    if (schema.get("required") instanceof List<?> required && required.contains(field)) {
      return "required";
    }
    Object value = map(map(schema.get("properties")).get(field)).get("default");
    return value == null ? "" : "`" + value + "`";
  }

  String allowed() {
    List<String> all = new ArrayList<>(limits());
    if (isList() && !isObject()) {
      item().limits().forEach(limit -> all.add("each " + limit));
    }
    new SchemaNode(map(schema.get("additionalProperties")))
        .limits()
        .forEach(limit -> all.add("each value " + limit));
    if (isList() && isObject()) {
      all.addAll(item().rules());
    }
    return String.join("; ", all);
  }

  /** Clauses. */
  List<String> limits() {
    List<String> all = new ArrayList<>();
    if (schema.get("enum") instanceof List<?> values) {
      all.add(values.stream().map(v -> "`" + v + "`").collect(Collectors.joining(", ")));
    }
    if (schema.containsKey("maximum")) {
      all.add(text("minimum") + " to " + text("maximum"));
    }
    most("maxLength", "characters", all);
    most("maxItems", "items", all);
    most("maxProperties", "keys", all);
    if (text("minLength").equals("1")) {
      all.add("not empty");
    }
    all.addAll(rules());
    return all;
  }

  /** The messages of the rules in CEL; where one names what it refuses, only what it allows. */
  List<String> rules() {
    return maps(schema.get("x-kubernetes-validations")).stream()
        .map(rule -> rule.get("message").toString().replaceAll("\\s+", " "))
        .map(message -> message.replaceAll("^(.*not allowed; )?allowed are ", "only "))
        .map(message -> message.replaceAll("^must be ", ""))
        .distinct()
        .toList();
  }

  private void most(String key, String unit, List<String> all) {
    if (schema.containsKey(key)) {
      all.add("at most " + text(key) + " " + unit);
    }
  }

  boolean isList() {
    return text("type").equals("array");
  }

  private String text(String key) {
    return schema.getOrDefault(key, "").toString();
  }
}
