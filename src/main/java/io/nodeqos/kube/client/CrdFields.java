// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The fields, and the values of enumerations, that the schema of a CRD allows. */
final class CrdFields {
  private static final String RESOURCE = "/io/nodeqos/manifests/crd.yaml";

  private CrdFields() {}

  /** Those that this version of the controller comes with. */
  static SortedSet<String> packaged(String version) throws IOException {
    try (InputStream in = CrdFields.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IOException("the program lacks its resource " + RESOURCE);
      }
      Object crd = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
      return of(new Gson().toJsonTree(crd).getAsJsonObject(), version);
    }
  }

  /**
   * Paths such as {@code spec.images[].pull}, and {@code spec.images[].pull=Always} for a value.
   * Empty when the CRD has no such version.
   *
   * @throws IllegalStateException when it is no CRD
   */
  static SortedSet<String> of(JsonObject crd, String version) {
    SortedSet<String> fields = new TreeSet<>();
    if (!(crd.get("spec") instanceof JsonObject spec)
        || !(spec.get("versions") instanceof JsonArray versions)) {
      throw new IllegalStateException("no CustomResourceDefinition");
    }
    for (JsonElement element : versions) {
      JsonObject candidate = element.getAsJsonObject();
      if (candidate.get("name").getAsString().equals(version) && candidate.has("schema")) {
        add(candidate.getAsJsonObject("schema").getAsJsonObject("openAPIV3Schema"), "", fields);
      }
    }
    return fields;
  }

  private static void add(JsonObject schema, String path, Set<String> fields) {
    if (schema.get("enum") instanceof JsonArray values) {
      values.forEach(value -> fields.add(path + "=" + value.getAsString()));
    }
    if (schema.get("items") instanceof JsonObject items) {
      add(items, path + "[]", fields);
    }
    if (schema.get("properties") instanceof JsonObject properties) {
      for (Map.Entry<String, JsonElement> property : properties.entrySet()) {
        String field = path.isEmpty() ? property.getKey() : path + "." + property.getKey();
        fields.add(field);
        add(property.getValue().getAsJsonObject(), field, fields);
      }
    }
  }
}
