// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import static io.nodeqos.fixture.PolicyFixture.json;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NameRedactionTest {
  private final NameTable names = NameTable.of(new TreeSet<>(List.of("gpu", "n1", "cni-x7")));
  private final NameRedaction redaction = new NameRedaction(names);

  @Test
  void secondDaemonSetOfAPolicyIsStillOfThatPolicy() throws IOException {
    JsonObject spinner =
        redaction.object(
            DumpMembers.SPINNERS,
            json(
                "{'metadata': {'name': 'nodeqos-spinner-gpu.0123456789',"
                    + " 'labels': {'nodeqos.io/spinner': 'gpu.0123456789'}}}"));
    JsonObject node =
        redaction.object(
            DumpMembers.NODES,
            json(
                "{'metadata': {'name': 'n1', 'labels': {'nodeqos.io/images': 'gpu.0123456789'}}}"));

    String key = names.name("gpu") + ".0123456789";
    JsonObject metadata = spinner.getAsJsonObject("metadata");
    assertEquals("nodeqos-spinner-" + key, metadata.get("name").getAsString());
    assertEquals(json("{'nodeqos.io/spinner': '" + key + "'}"), metadata.get("labels"));
    assertEquals(
        json("{'nodeqos.io/images': '" + key + "'}"),
        node.getAsJsonObject("metadata").get("labels"));
  }

  @Test
  void configurationOfANodeHasNoNameOfAPolicy() throws IOException {
    JsonObject metadata = json("{'name': 'n1', 'annotations': {}}");
    JsonObject annotations = metadata.getAsJsonObject("annotations");
    annotations.addProperty(
        "nodeqos.io/config",
        json("{'sources': {'quota': 'gpu'}, 'revisions': {'gpu': '0123456789'}}").toString());
    annotations.addProperty("nodeqos.io/apply-error", "abc pod cni-x7 does not answer");
    JsonObject node = new JsonObject();
    node.add("metadata", metadata);

    JsonObject redacted =
        redaction
            .object(DumpMembers.NODES, node)
            .getAsJsonObject("metadata")
            .getAsJsonObject("annotations");
    String gpu = names.name("gpu");
    assertEquals(
        json("{'sources': {'quota': '" + gpu + "'}, 'revisions': {'" + gpu + "': '0123456789'}}"),
        JsonParser.parseString(redacted.get("nodeqos.io/config").getAsString()));
    assertEquals(
        "abc pod " + names.name("cni-x7") + " does not answer",
        redacted.get("nodeqos.io/apply-error").getAsString());
  }
}
