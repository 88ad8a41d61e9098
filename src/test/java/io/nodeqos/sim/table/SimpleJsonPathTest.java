// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimpleJsonPathTest {
  private static final JsonObject OBJECT =
      JsonParser.parseString(
              """
              {"spec": {"size": 3, "list": ["x", "y"]},
               "metadata": {"labels": {"a.b/c": "l"}},
               "status": {"conditions": [
                 {"type": "A", "status": "False"}, {"type": "Ready", "status": "True"}]}}
              """)
          .getAsJsonObject();

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        ".spec.size, 3",
        "spec.size, 3",
        ".spec.list[1], \"y\"",
        ".spec.list[*], \"x\"",
        ".metadata.labels['a.b/c'], \"l\"",
        ".metadata.labels.a\\.b/c, \"l\"",
        ".status.conditions[?(@.type==\"Ready\")].status, \"True\"",
        ".status.conditions[?(@.type=='Ready')].status, \"True\"",
        ".status.conditions[?(@.type==\"B\")].status, null",
        ".spec.absent.deeper, null",
        ".spec.list[7], null",
        ".spec[, null"
      })
  void pathFindsItsValueOrNothing(String path, String expected) {
    JsonElement found = SimpleJsonPath.parse(path).find(OBJECT);

    assertEquals(expected, String.valueOf(found));
  }
}
