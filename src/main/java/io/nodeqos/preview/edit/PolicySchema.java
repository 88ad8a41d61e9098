// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.edit;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The schema of the CRD that comes with this program, for what an API server does with a policy
 * before it stores it: defaults, unknown fields. Immutable.
 */
public final class PolicySchema {
  private static final String RESOURCE = "/io/nodeqos/manifests/crd.yaml";

  private final JsonObject root;
  private final JsonObject spec;
  private final int rules;

  private PolicySchema(JsonObject root, JsonObject spec, int rules) {
    this.root = root;
    this.spec = spec;
    this.rules = rules;
  }

  public static PolicySchema packaged() {
    try (InputStream in = PolicySchema.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its resource " + RESOURCE);
      }
      Object crd = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
      JsonObject root =
          new Gson()
              .toJsonTree(crd)
              .getAsJsonObject()
              .getAsJsonObject("spec")
              .getAsJsonArray("versions")
              .get(0)
              .getAsJsonObject()
              .getAsJsonObject("schema")
              .getAsJsonObject("openAPIV3Schema");
      JsonObject properties = root.getAsJsonObject("properties");
      return new PolicySchema(properties, properties.getAsJsonObject("spec"), rules(root));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The number of rules (CEL) that only an API server checks. */
  public int rules() {
    return rules;
  }

  /** A copy with the defaults that an API server adds. */
  JsonObject withDefaults(JsonObject policySpec) {
    JsonObject copy = policySpec.deepCopy();
    addDefaults(copy, spec);
    return copy;
  }

  /** One sentence for each field that no policy has, but not in its metadata. */
  List<String> unknownFields(JsonObject policy) {
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, JsonElement> field : policy.entrySet()) {
      if (field.getKey().equals("spec")) {
        findUnknown("spec", field.getValue(), spec, problems);
      } else if (!root.has(field.getKey())) {
        problems.add(unknown(field.getKey(), field.getKey(), root));
      }
    }
    return problems;
  }

  private static String unknown(String path, String field, JsonObject properties) {
    return path + " is no field of a NodeQoSPolicy" + hint(field, properties);
  }

  private static void addDefaults(JsonElement value, JsonObject schema) {
    if (value.isJsonObject() && schema.get("properties") instanceof JsonObject properties) {
      JsonObject object = value.getAsJsonObject();
      properties.asMap().forEach((field, child) -> addDefault(object, field, child));
    } else if (value.isJsonArray() && schema.get("items") instanceof JsonObject items) {
      value.getAsJsonArray().forEach(element -> addDefaults(element, items));
    }
  }

  private static void addDefault(JsonObject object, String field, JsonElement schema) {
    JsonObject child = schema.getAsJsonObject();
    if (object.has(field) && object.get(field).isJsonNull()) {
      object.remove(field);
    }
    if (!object.has(field) && child.has("default")) {
      object.add(field, child.get("default").deepCopy());
    }
    if (object.has(field)) {
      addDefaults(object.get(field), child);
    }
  }

  private static void findUnknown(
      String path, JsonElement value, JsonObject schema, List<String> problems) {
    if (value.isJsonArray() && schema.get("items") instanceof JsonObject items) {
      JsonArray list = value.getAsJsonArray();
      for (int i = 0; i < list.size(); i++) {
        findUnknown(path + "[" + i + "]", list.get(i), items, problems);
      }
    }
    if (!value.isJsonObject() || !(schema.get("properties") instanceof JsonObject properties)) {
      return;
    }
    for (Map.Entry<String, JsonElement> field : value.getAsJsonObject().entrySet()) {
      if (properties.get(field.getKey()) instanceof JsonObject child) {
        findUnknown(path + "." + field.getKey(), field.getValue(), child, problems);
      } else {
        problems.add(unknown(path + "." + field.getKey(), field.getKey(), properties));
      }
    }
  }

  private static String hint(String unknown, JsonObject properties) {
    Map<String, String> byLowerCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    properties.keySet().forEach(name -> byLowerCase.put(name, name));
    return byLowerCase.containsKey(unknown)
        ? ": did you mean " + byLowerCase.get(unknown) + "?"
        : "; allowed are " + String.join(", ", properties.keySet());
  }

  private static int rules(JsonElement schema) {
    if (schema.isJsonArray()) {
      return schema.getAsJsonArray().asList().stream().mapToInt(PolicySchema::rules).sum();
    }
    if (!schema.isJsonObject()) {
      return 0;
    }
    int own =
        schema.getAsJsonObject().get("x-kubernetes-validations") instanceof JsonArray all
            ? all.size()
            : 0;
    return own
        + schema.getAsJsonObject().asMap().values().stream().mapToInt(PolicySchema::rules).sum();
  }
}
