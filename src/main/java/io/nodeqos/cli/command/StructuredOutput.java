// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.command;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.ToNumberPolicy;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** The one object that a command prints for programs. */
final class StructuredOutput {
  /** Of all kinds. Fields are only ever added. */
  static final String API_VERSION = "cli.nodeqos.io/v1";

  private final Gson gson =
      new GsonBuilder()
          .disableHtmlEscaping()
          .setPrettyPrinting()
          .setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE)
          .create();

  /** The object as text without a line break at its end. */
  String text(String kind, JsonObject body, boolean yaml) {
    return manifest(whole(kind, body), yaml);
  }

  /** An object of the API as text without a line break at its end. */
  String manifest(JsonObject object, boolean yaml) {
    return yaml ? yaml(object) : gson.toJson(object);
  }

  /** The object as one line of JSON. */
  String line(String kind, JsonObject body) {
    return gson.newBuilder()
        .setFormattingStyle(FormattingStyle.COMPACT)
        .create()
        .toJson(whole(kind, body));
  }

  private static JsonObject whole(String kind, JsonObject body) {
    JsonObject whole = new JsonObject();
    whole.addProperty("apiVersion", API_VERSION);
    whole.addProperty("kind", kind);
    body.entrySet().forEach(field -> whole.add(field.getKey(), field.getValue()));
    return whole;
  }

  private String yaml(JsonObject whole) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    return new Yaml(options).dump(gson.fromJson(whole, Map.class)).stripTrailing();
  }
}
