// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.otel;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** An alert of {@code otel/alerts.yaml}. */
record Alert(
    String name, String expression, Map<String, String> labels, Map<String, String> annotations) {

  static List<Alert> all() {
    List<Alert> alerts = new ArrayList<>();
    for (Map<String, ?> group : maps(yaml("alerts.yaml").get("groups"))) {
      for (Map<String, ?> rule : maps(group.get("rules"))) {
        alerts.add(
            new Alert(
                (String) rule.get("alert"),
                (String) rule.get("expr"),
                texts(rule.get("labels")),
                texts(rule.get("annotations"))));
      }
    }
    return alerts;
  }

  /** The groups of {@code otel/alerts_test.yaml}. */
  static List<Map<String, ?>> tests() {
    return maps(yaml("alerts_test.yaml").get("tests"));
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, ?>> maps(Object list) {
    return (List<Map<String, ?>>) list;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> texts(Object map) {
    return (Map<String, String>) map;
  }

  private static Map<String, Object> yaml(String file) {
    try (Reader reader = Files.newBufferedReader(Path.of("otel", file))) {
      return new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
