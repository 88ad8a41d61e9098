// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import static io.nodeqos.fixture.NodeFixture.hasTaint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.kube.wire.Interning;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Quantity;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeCodecTest {
  private static final String TRACEPARENT = "tracing.k8s.io/traceparent";

  private final NodeCodec codec = new NodeCodec(new Interning(), Set.of(TRACEPARENT));

  @Test
  void fieldsOfADecisionAreRead() throws IOException {
    NodeView node = Samples.decode(codec, Samples.read("node.json"));

    assertEquals(
        new NodeView.Meta(
            "worker-17",
            "5b3c0c2e-8f4b-4f1d-9d3e-0d7b1a3a9c11",
            "4711",
            Instant.parse("2026-10-03T08:15:30Z"),
            false,
            Instant.parse("2026-10-03T09:00:00Z")),
        node.meta());
    assertEquals("m6i.2xlarge", node.labels().get("node.kubernetes.io/instance-type"));
    assertEquals(Quantity.parse("8"), node.status().capacity().get("cpu"));
    assertEquals(Quantity.parse("7910m"), node.status().allocatable().get("cpu"));
    assertEquals(Quantity.of(4000), node.status().capacity().get("nodeqos.io/gold-cpu"));
    assertTrue(node.condition("Ready").orElseThrow().isTrue());
    assertEquals("KubeletReady", node.condition("Ready").orElseThrow().reason());
    assertEquals(
        Set.of(
            "registry.k8s.io/pause@sha256:278f",
            "registry.k8s.io/pause:3.10",
            "docker.io/library/nginx:1.29"),
        node.status().images());
    assertEquals("6c5a1b9e-0d54-4b0b-9f1d-3c3a6a2c5a10", node.status().bootId());
    assertTrue(hasTaint(node, "example.com/dedicated", "NoExecute"));
  }

  @Test
  void timeOfOurConditionIsThatOfItsHeartbeat() throws IOException {
    String node =
        """
        {"metadata": {"name": "n", "uid": "u", "resourceVersion": "1"}, "status": {"conditions": [
          {"type": "Ready", "status": "True", "lastHeartbeatTime": "2026-10-03T09:00:00Z"},
          {"type": "nodeqos.io/WarmedUp", "status": "False", "lastHeartbeatTime": "2026-10-03T09:00:07Z"}]}}
        """;
    NodeView.Meta meta = Samples.decode(codec, node).meta();
    assertEquals(Instant.parse("2026-10-03T09:00:00Z"), meta.statusReportedAt());
    assertEquals(Instant.parse("2026-10-03T09:00:07Z"), meta.conditionWrittenAt());
  }

  @Test
  void onlyOurAnnotationsAreKept() throws IOException {
    NodeView node = Samples.decode(codec, Samples.read("node.json"));

    assertEquals(Set.of("nodeqos.io/config", TRACEPARENT), node.annotations().keySet());
  }

  @Test
  void taintKeepsUnknownFields() throws IOException {
    String taint =
        "{\"key\":\"a\",\"value\":\"1\",\"effect\":\"NoSchedule\",\"timeAdded\":\"2026-10-03T08:16:00Z\","
            + "\"later\":{\"deep\":[1,2.50,null,\"<&>\"]}}";
    NodeView node =
        Samples.decode(
            codec,
            "{\"metadata\":{\"name\":\"n\",\"resourceVersion\":\"1\"},\"spec\":{\"taints\":["
                + taint
                + "]}}");

    assertEquals(taint, node.taints().get(0).json(), "it is written back as it came");
    assertEquals("1", node.taints().get(0).value());
  }

  @Test
  void heartbeatDoesNotChangeTheView() throws IOException {
    String json = Samples.read("node.json");
    NodeView before = Samples.decode(codec, json);
    NodeView after =
        Samples.decode(
            codec,
            json.replace("2026-10-03T09:00:00Z", "2026-10-03T09:05:00Z").replace("4711", "4712"));

    assertTrue(before.sameAs(after), "nothing but heartbeat times and the version changed");
    assertEquals("4712", after.meta().resourceVersion());
  }

  @Test
  void equalPartsOfTwoNodesShareOneObject() throws IOException {
    NodeView one = Samples.decode(codec, Samples.read("node.json"));
    NodeView other =
        Samples.decode(codec, Samples.read("node.json").replace("worker-17", "worker-18"));

    assertSame(one.status().capacity(), other.status().capacity(), "capacity");
    assertSame(one.status().images(), other.status().images(), "images");
    assertSame(one.status().software(), other.status().software(), "software");
    assertEquals("Ubuntu 24.04", one.status().software().osImage());
    assertSame(
        one.labels().get("node.kubernetes.io/instance-type"),
        other.labels().get("node.kubernetes.io/instance-type"),
        "label value");
  }

  @Test
  void nodeThatHasReportedNothingYetIsReadable() throws IOException {
    NodeView node =
        Samples.decode(
            codec,
            "{\"metadata\":{\"name\":\"n\",\"resourceVersion\":\"1\",\"labels\":null},\"spec\":{\"taints\":null},\"status\":null}");

    assertFalse(node.hasCapacity());
    assertEquals(Map.of(), node.labels());
    assertEquals("", node.status().bootId());
  }

  @Test
  void objectWithoutNameOrVersionIsRefused() {
    assertThrows(
        IOException.class,
        () -> Samples.decode(codec, "{\"metadata\":{\"resourceVersion\":\"1\"}}"));
    assertThrows(IOException.class, () -> Samples.decode(codec, "{\"metadata\":{\"name\":\"n\"}}"));
    assertThrows(IOException.class, () -> Samples.decode(codec, "[1]"));
    assertThrows(
        IOException.class,
        () -> Samples.decode(codec, Samples.read("node.json").substring(0, 900)));
  }
}
