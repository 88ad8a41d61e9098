// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.OpenFence;
import io.nodeqos.kube.ClosingFence;
import io.nodeqos.kube.SimCluster;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.client.WriteLimiter;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.node.NodeWriter.ReadResult;
import io.nodeqos.sim.request.Fault;
import io.nodeqos.sim.request.RequestInfo;
import io.nodeqos.time.TimeSource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes to Nodes under the semantics of a Kubernetes API. */
class NodePatcherApiTest {
  private static final NodeCondition OURS =
      new NodeCondition(
          "nodeqos.io/WarmedUp", "False", "ImagesMissing", "1 image is missing", Instant.EPOCH);

  @TempDir Path directory;

  private final SimCluster api = new SimCluster();
  private NodePatcher patcher;

  @BeforeEach
  void connect() {
    api.node("n1");
    patcher =
        new NodePatcher(
            TestClients.write(directory, api.url(), new OpenFence()),
            new WriteLimiter(KubeSettings.defaults().writeRate(), TimeSource.system()),
            Set.of());
  }

  @AfterEach
  void close() {
    api.close();
  }

  private NodeView read() {
    return assertInstanceOf(ReadResult.Found.class, patcher.read("n1")).node();
  }

  private static MetadataChange label(String value) {
    return new MetadataChange(
        Map.of("nodeqos.io/warmed-up", value), Set.of(), Map.of(), Set.of(), Optional.empty());
  }

  private static StatusChange resource(String name, long amount) {
    return new StatusChange(Optional.of(OURS), Map.of(name, Quantity.of(amount)), Set.of());
  }

  @Test
  void versionOfTheReplyIsTheBaseOfTheNextWrite() {
    NodeView.Meta base = read().meta();

    WriteResult.Ok first =
        assertInstanceOf(WriteResult.Ok.class, patcher.patchMetadata(base, label("true")));
    NodeView.Meta next =
        new NodeView.Meta(
            base.name(),
            base.uid(),
            first.resourceVersion(),
            base.createdAt(),
            base.deleting(),
            base.statusReportedAt());

    WriteResult.Ok second =
        assertInstanceOf(
            WriteResult.Ok.class, patcher.patchStatus(next, resource("nodeqos.io/a-cpu", 4000)));
    assertEquals(second.resourceVersion(), read().meta().resourceVersion());
  }

  @Test
  void bothKindsOfWriteFailOnAnOldVersion() {
    NodeView.Meta old = read().meta();
    api.merge("/api/v1/nodes/n1", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");

    assertEquals(new WriteResult.Conflict(), patcher.patchMetadata(old, label("true")));
    assertEquals(
        new WriteResult.Conflict(), patcher.patchStatus(old, resource("nodeqos.io/a-cpu", 1)));
  }

  @Test
  void foreignStatusFieldsAreKept() {
    api.merge(
        "/api/v1/nodes/n1/status",
        "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
    patcher.patchStatus(read().meta(), resource("nodeqos.io/a-cpu", 4000));
    patcher.patchStatus(
        read().meta(),
        new StatusChange(
            Optional.empty(),
            Map.of("nodeqos.io/b-cpu", Quantity.of(1500)),
            Set.of("nodeqos.io/a-cpu")));

    NodeView node = read();

    assertTrue(node.condition("Ready").orElseThrow().isTrue(), "the kubelet's condition");
    NodeCondition condition = node.condition("nodeqos.io/WarmedUp").orElseThrow();
    assertEquals("ImagesMissing", condition.reason());
    assertTrue(condition.lastTransitionTime().isAfter(Instant.EPOCH), "an unset time is now");
    assertEquals(Set.of("cpu", "memory", "nodeqos.io/b-cpu"), node.status().capacity().keySet());
    assertEquals(node.status().capacity(), node.status().allocatable(), "always both");
    assertEquals(Quantity.of(1500), node.status().capacity().get("nodeqos.io/b-cpu"));
  }

  @Test
  void retryAfterALostReplyIsAConflict() {
    NodeView.Meta base = read().meta();
    api.server.faults().inject(RequestInfo.on("patch", "nodes"), new Fault.LoseReply(), 1);

    assertInstanceOf(WriteResult.Retry.class, patcher.patchMetadata(base, label("true")));
    assertEquals(
        new WriteResult.Conflict(),
        patcher.patchMetadata(base, label("true")),
        "it was done, and is not done twice");
    assertEquals(2, api.ours("patch", "nodes", "").size(), "nothing below us repeats a write");
  }

  @Test
  void deletedNodeIsNotFound() {
    NodeView.Meta base = read().meta();
    api.delete("/api/v1/nodes/n1");

    assertEquals(new WriteResult.NotFound(), patcher.patchMetadata(base, label("true")));
    assertEquals(new ReadResult.Failed(new WriteResult.NotFound()), patcher.read("n1"));
  }

  @Test
  void writeIsNotSentWhenTheFenceClosesBeforeIt() {
    ClosingFence fence = new ClosingFence(1);
    NodePatcher fenced =
        new NodePatcher(
            TestClients.write(directory, api.url(), fence),
            new WriteLimiter(KubeSettings.defaults().writeRate(), TimeSource.system()),
            Set.of());
    NodeView before = read();

    assertEquals(
        new WriteResult.Fenced("the Lease has run out"),
        fenced.patchMetadata(before.meta(), label("true")));
    assertEquals(before.meta(), read().meta(), "all but the last byte is nothing");

    fence.open();
    assertInstanceOf(WriteResult.Ok.class, fenced.patchMetadata(before.meta(), label("true")));
  }
}
