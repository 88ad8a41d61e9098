// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.otel;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code otel/dashboard.json}. */
record Dashboard(JsonObject json) {

  static Dashboard read() {
    try {
      String text = Files.readString(Path.of("otel", "dashboard.json"));
      return new Dashboard(JsonParser.parseString(text).getAsJsonObject());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those that show something and the rows that they stand in. */
  List<JsonObject> panelsAndRows() {
    return objects(json.getAsJsonArray("panels"));
  }

  List<JsonObject> panels() {
    return panelsAndRows().stream()
        .filter(p -> !p.get("type").getAsString().equals("row"))
        .toList();
  }

  List<JsonObject> variables() {
    return objects(json.getAsJsonObject("templating").getAsJsonArray("list"));
  }

  /** Of panels and annotations, as Prometheus gets them: the variables have values. */
  List<String> expressions() {
    List<JsonObject> queries = new ArrayList<>();
    panels().forEach(panel -> queries.addAll(objects(panel.getAsJsonArray("targets"))));
    queries.addAll(objects(json.getAsJsonObject("annotations").getAsJsonArray("list")));
    return queries.stream()
        .map(query -> query.get("expr").getAsString())
        .map(e -> e.replace("$__rate_interval", "5m").replaceAll("\\$\\w+", ".*"))
        .toList();
  }

  static List<JsonObject> objects(JsonArray array) {
    List<JsonObject> objects = new ArrayList<>();
    for (JsonElement element : array) {
      objects.add(element.getAsJsonObject());
    }
    return objects;
  }
}
