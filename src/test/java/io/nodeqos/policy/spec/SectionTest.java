// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.spec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

class SectionTest {
  /** The API server prunes fields that are not in the schema. */
  @ParameterizedTest
  @EnumSource
  void everySectionIsInTheSchemaOfTheCustomResource(Section section) throws IOException {
    Object yaml = new Yaml().load(Files.readString(Path.of("manifests/crd.yaml")));
    JsonObject spec =
        new Gson()
            .toJsonTree(yaml)
            .getAsJsonObject()
            .getAsJsonObject("spec")
            .getAsJsonArray("versions")
            .get(0)
            .getAsJsonObject()
            .getAsJsonObject("schema")
            .getAsJsonObject("openAPIV3Schema")
            .getAsJsonObject("properties")
            .getAsJsonObject("spec");
    assertTrue(spec.getAsJsonObject("properties").has(section.field()), spec::toString);
  }
}
