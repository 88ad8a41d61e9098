// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.install;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** One object of a rendered installation. */
record Manifest(JsonObject object) {

  /** The objects of a text of several documents, without empty ones. */
  static List<Manifest> all(String yaml) {
    Gson gson = new Gson();
    List<Manifest> all = new ArrayList<>();
    for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml)) {
      if (document != null) {
        all.add(new Manifest(gson.toJsonTree(document).getAsJsonObject()));
      }
    }
    return all;
  }

  /** The only object of this kind with this name. */
  static Manifest find(List<Manifest> all, String kind, String name) {
    List<Manifest> found =
        all.stream().filter(m -> m.kind().equals(kind) && m.name().equals(name)).toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(found.size() + " of " + kind + " " + name);
    }
    return found.get(0);
  }

  String kind() {
    return object.get("kind").getAsString();
  }

  String name() {
    return metadata().get("name").getAsString();
  }

  /** "" for none. */
  String namespace() {
    JsonElement namespace = metadata().get("namespace");
    return namespace == null ? "" : namespace.getAsString();
  }

  private JsonObject metadata() {
    return object.getAsJsonObject("metadata");
  }

  /** What the path leads to; a number is the index in a list. */
  JsonElement at(String... path) {
    JsonElement at = object;
    for (String step : path) {
      at =
          at.isJsonArray()
              ? at.getAsJsonArray().get(Integer.parseInt(step))
              : at.getAsJsonObject().get(step);
      if (at == null) {
        throw new IllegalArgumentException("no " + String.join(".", path) + " in " + object);
      }
    }
    return at;
  }

  /** The same without the field, if it is there. */
  Manifest without(String field, String... path) {
    JsonObject copy = object.deepCopy();
    new Manifest(copy).at(path).getAsJsonObject().remove(field);
    return new Manifest(copy);
  }
}
