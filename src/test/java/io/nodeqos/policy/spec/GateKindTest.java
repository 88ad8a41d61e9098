// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.policy.PolicyDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

/** Schema and decoder know each kind of gate under the same field. */
class GateKindTest {

  /** The smallest gate that the schema allows is decoded as a gate of this kind. */
  @ParameterizedTest
  @EnumSource
  void smallestGateOfTheSchemaIsDecodedAsItsKind(GateKind kind) throws IOException {
    JsonObject schema = warmUpSchema().getAsJsonObject(kind.field());
    assertNotNull(schema, "manifests/crd.yaml has no spec.warmUp." + kind.field());
    JsonObject warmUp = new JsonObject();
    warmUp.add(kind.field(), smallest(schema));
    JsonObject spec = new JsonObject();
    spec.add("warmUp", warmUp);

    PolicyDecoder.Decoded.Valid decoded =
        assertInstanceOf(
            PolicyDecoder.Decoded.Valid.class,
            new PolicyDecoder().decode(PolicyFixture.policy("p", spec.toString())));

    List<GateKind> kinds =
        decoded.policy().spec().sections().warmUp().orElseThrow().gates().stream()
            .map(WarmUp.GateSpec::kind)
            .toList();
    assertEquals(List.of(kind), kinds);
  }

  private static JsonElement smallest(JsonObject schema) {
    switch (schema.get("type").getAsString()) {
      case "array":
        JsonArray list = new JsonArray();
        list.add(smallest(schema.getAsJsonObject("items")));
        return list;
      case "object":
        JsonObject object = new JsonObject();
        if (schema.has("required")) {
          for (JsonElement field : schema.getAsJsonArray("required")) {
            object.addProperty(field.getAsString(), "a");
          }
        }
        return object;
      default:
        throw new IllegalArgumentException(schema.toString());
    }
  }

  private static JsonObject warmUpSchema() throws IOException {
    Object yaml = new Yaml().load(Files.readString(Path.of("manifests/crd.yaml")));
    JsonObject crd = new Gson().toJsonTree(yaml).getAsJsonObject();
    return crd.getAsJsonObject("spec")
        .getAsJsonArray("versions")
        .get(0)
        .getAsJsonObject()
        .getAsJsonObject("schema")
        .getAsJsonObject("openAPIV3Schema")
        .getAsJsonObject("properties")
        .getAsJsonObject("spec")
        .getAsJsonObject("properties")
        .getAsJsonObject("warmUp")
        .getAsJsonObject("properties");
  }
}
