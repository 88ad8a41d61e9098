// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import static io.nodeqos.fixture.NodeFixture.hasTaint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.kube.ClosingFence;
import io.nodeqos.kube.client.RealClients;
import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Taint;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.node.NodeWriter.ReadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Patches as a real server applies them, and its Nodes as they are read. */
@RealApi
class NodePatcherIT {
  private static final String FOREIGN_TAINT =
      "{\"key\":\"example.com/dedicated\",\"value\":\"gpu\",\"effect\":\"NoExecute\","
          + "\"timeAdded\":\"2026-10-03T08:16:00Z\"}";

  private final String name = "patched-" + UUID.randomUUID();
  private final ControlPlane plane;
  private final NodePatcher patcher;

  @TempDir Path directory;

  NodePatcherIT(ControlPlane plane) throws ClientConfigException {
    this.plane = plane;
    this.patcher = RealClients.nodePatcher(RealClients.write(plane));
  }

  @BeforeEach
  void createNodeAsItsKubeletWould() {
    plane
        .kubectlWith(
            """
            {"kind":"Node","apiVersion":"v1","metadata":{"name":"%s","labels":{"pool":"gpu"},
             "annotations":{"example.com/owner":"somebody"}},
             "spec":{"taints":[%s,{"key":"nodeqos.io/warming-up","effect":"NoSchedule"}]}}"""
                .formatted(name, FOREIGN_TAINT),
            "create",
            "-f",
            "-")
        .succeeded();
    kubeletReports(
        "{\"capacity\":{\"cpu\":\"8\",\"memory\":\"33554432Ki\",\"example.com/gpu\":\"2\"},"
            + "\"allocatable\":{\"cpu\":\"7910m\",\"memory\":\"32Gi\",\"example.com/gpu\":\"2\"},"
            + "\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"reason\":\"KubeletReady\"}],"
            + "\"nodeInfo\":{\"bootID\":\"boot-1\"}}");
  }

  @AfterEach
  void deleteNode() {
    plane.kubectl("delete", "node", name, "--ignore-not-found").succeeded();
  }

  private void kubeletReports(String status) {
    plane
        .kubectl("patch", "node", name, "--subresource=status", "-p", "{\"status\":" + status + "}")
        .succeeded();
  }

  private JsonObject stored() {
    return JsonParser.parseString(
            plane.kubectl("get", "node", name, "-o", "json").succeeded().out())
        .getAsJsonObject();
  }

  private NodeView read() {
    return assertInstanceOf(ReadResult.Found.class, patcher.read(name)).node();
  }

  private static String version(WriteResult result) {
    return assertInstanceOf(WriteResult.Ok.class, result).resourceVersion();
  }

  private static MetadataChange label(String key, String value) {
    return new MetadataChange(Map.of(key, value), Set.of(), Map.of(), Set.of(), Optional.empty());
  }

  private static NodeCondition condition(String status, String reason) {
    return new NodeCondition(
        Keys.WARMED_UP_CONDITION, status, reason, "A sentence.", Instant.EPOCH);
  }

  @Test
  void nodeOfARealServerIsReadWithAllFieldsOfADecision() {
    NodeView node = read();

    assertEquals(name, node.name());
    assertTrue(node.hasCapacity());
    assertEquals(Quantity.parse("32Gi"), node.status().capacity().get("memory"));
    assertEquals(Quantity.parse("7.91"), node.status().allocatable().get("cpu"));
    assertTrue(node.condition("Ready").orElseThrow().isTrue());
    assertEquals("boot-1", node.status().bootId());
    assertEquals("gpu", node.labels().get("pool"));
    assertEquals(Map.of(), node.annotations(), "foreign annotations are none of our business");
    assertTrue(hasTaint(node, Keys.STARTUP_TAINT, "NoSchedule"));
  }

  @Test
  void onePatchSetsTheMarkAndRemovesTheStartupTaint() {
    NodeView before = read();
    List<Taint> others =
        before.taints().stream().filter(taint -> !taint.key().equals(Keys.STARTUP_TAINT)).toList();

    String version =
        version(
            patcher.patchMetadata(
                before.meta(),
                new MetadataChange(
                    Map.of(Keys.WARMED_UP, "true"),
                    Set.of("absent-label"),
                    Map.of(Keys.CONFIG, "{\"a\":\"<&>\"}"),
                    Set.of(),
                    Optional.of(others))));

    NodeView after = read();
    assertEquals(version, after.meta().resourceVersion(), "the version of the reply");
    assertEquals("true", after.labels().get(Keys.WARMED_UP));
    assertEquals("gpu", after.labels().get("pool"), "foreign labels stay");
    assertEquals(Map.of(Keys.CONFIG, "{\"a\":\"<&>\"}"), after.annotations());
    assertFalse(hasTaint(after, Keys.STARTUP_TAINT, "NoSchedule"));
    JsonObject stored = stored();
    assertTrue(
        stored
            .getAsJsonObject("spec")
            .getAsJsonArray("taints")
            .contains(JsonParser.parseString(FOREIGN_TAINT)),
        "a foreign taint keeps all its fields: " + stored.get("spec"));
    assertEquals(
        "somebody",
        stored
            .getAsJsonObject("metadata")
            .getAsJsonObject("annotations")
            .get("example.com/owner")
            .getAsString());
  }

  @Test
  void emptyListOfTaintsRemovesThemAll() {
    version(
        patcher.patchMetadata(
            read().meta(),
            new MetadataChange(Map.of(), Set.of(), Map.of(), Set.of(), Optional.of(List.of()))));

    assertFalse(stored().getAsJsonObject("spec").has("taints"));
  }

  @Test
  void labelsAndAnnotationsAreRemovedByName() {
    version(
        patcher.patchMetadata(
            read().meta(),
            new MetadataChange(
                Map.of(Keys.WARMED_UP, "true"),
                Set.of(),
                Map.of(Keys.CONFIG, "{}"),
                Set.of(),
                Optional.empty())));

    version(
        patcher.patchMetadata(
            read().meta(),
            new MetadataChange(
                Map.of(),
                Set.of(Keys.WARMED_UP),
                Map.of(),
                Set.of(Keys.CONFIG),
                Optional.empty())));

    assertFalse(read().labels().containsKey(Keys.WARMED_UP));
    assertEquals(Map.of(), read().annotations());
  }

  @Test
  void patchOfAnOlderVersionIsAConflictAndWritesNothing() {
    NodeView old = read();
    String current = version(patcher.patchMetadata(old.meta(), label("nodeqos.io/a", "1")));

    WriteResult metadata = patcher.patchMetadata(old.meta(), label("nodeqos.io/a", "2"));
    WriteResult status =
        patcher.patchStatus(
            old.meta(),
            new StatusChange(Optional.of(condition("True", "Warm")), Map.of(), Set.of()));

    assertInstanceOf(WriteResult.Conflict.class, metadata);
    assertInstanceOf(WriteResult.Conflict.class, status);
    assertEquals(current, read().meta().resourceVersion());
  }

  @Test
  void statusPatchCarriesTheVersionOfTheReplyToTheFirstPatch() {
    NodeView.Meta first = read().meta();
    String version = version(patcher.patchMetadata(first, label("nodeqos.io/a", "1")));
    NodeView.Meta second =
        new NodeView.Meta(
            first.name(),
            first.uid(),
            version,
            first.createdAt(),
            first.deleting(),
            first.statusReportedAt());

    version(
        patcher.patchStatus(
            second,
            new StatusChange(
                Optional.of(condition("False", "ReservedPodsNotReady")),
                Map.of("nodeqos.io/gold-cpu", Quantity.of(4000)),
                Set.of("nodeqos.io/absent-cpu"))));

    NodeView after = read();
    NodeCondition written = after.condition(Keys.WARMED_UP_CONDITION).orElseThrow();
    assertEquals("False", written.status());
    assertEquals("ReservedPodsNotReady", written.reason());
    assertEquals("A sentence.", written.message());
    assertTrue(
        written.lastTransitionTime().isAfter(Instant.EPOCH),
        "the first transition is the time of the write");
    assertTrue(after.condition("Ready").orElseThrow().isTrue(), "the kubelet's condition stays");
    assertEquals(Quantity.of(4000), after.status().capacity().get("nodeqos.io/gold-cpu"));
    assertEquals(Quantity.of(4000), after.status().allocatable().get("nodeqos.io/gold-cpu"));
    assertEquals(Quantity.of(2), after.status().capacity().get("example.com/gpu"));
    assertEquals(
        "4k",
        stored()
            .getAsJsonObject("status")
            .getAsJsonObject("capacity")
            .get("nodeqos.io/gold-cpu")
            .getAsString(),
        "the server's own words for 4000");
  }

  @Test
  void knownTransitionTimeIsKept() {
    Instant known = Instant.parse("2026-10-03T08:16:00Z");

    version(
        patcher.patchStatus(
            read().meta(),
            new StatusChange(
                Optional.of(
                    new NodeCondition(
                        Keys.WARMED_UP_CONDITION, "True", "Warm", "A sentence.", known)),
                Map.of(),
                Set.of())));

    assertEquals(
        known, read().condition(Keys.WARMED_UP_CONDITION).orElseThrow().lastTransitionTime());
  }

  @Test
  void onlyResourcesOfARemovedClassAreRemoved() {
    version(
        patcher.patchStatus(
            read().meta(),
            new StatusChange(
                Optional.empty(), Map.of("nodeqos.io/gold-cpu", Quantity.of(10)), Set.of())));

    version(
        patcher.patchStatus(
            read().meta(),
            new StatusChange(Optional.empty(), Map.of(), Set.of("nodeqos.io/gold-cpu"))));

    assertEquals(Set.of("cpu", "memory", "example.com/gpu"), read().status().capacity().keySet());
    assertEquals(
        Set.of("cpu", "memory", "example.com/gpu"), read().status().allocatable().keySet());
  }

  @Test
  void heartbeatDoesNotChangeTheView() {
    NodeView before = read();

    kubeletReports(
        "{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\","
            + "\"lastHeartbeatTime\":\"2026-10-03T09:05:00Z\"}]}");

    NodeView after = read();
    assertFalse(before.meta().resourceVersion().equals(after.meta().resourceVersion()));
    assertTrue(before.sameAs(after), "nothing that a decision depends on has changed");
  }

  @Test
  void deletedNodeIsNotFound() {
    NodeView node = read();
    deleteNode();

    assertInstanceOf(
        WriteResult.NotFound.class, patcher.patchMetadata(node.meta(), label("a", "b")));
    ReadResult.Failed failed = assertInstanceOf(ReadResult.Failed.class, patcher.read(name));
    assertInstanceOf(WriteResult.NotFound.class, failed.why());
  }

  @Test
  void refusedValueIsRejectedWithTheMessageOfTheServer() {
    WriteResult.Rejected rejected =
        assertInstanceOf(
            WriteResult.Rejected.class,
            patcher.patchMetadata(read().meta(), label("nodeqos.io/a", "no label value")));

    assertEquals(422, rejected.code());
    assertTrue(rejected.reason().contains("metadata.labels"), rejected.reason());
  }

  @Test
  void writeWithoutPermissionIsRejected() throws IOException, ClientConfigException {
    String account = "nobody-" + UUID.randomUUID();
    plane.kubectl("create", "serviceaccount", account).succeeded();
    String token = plane.kubectl("create", "token", account).succeeded().out().strip();
    Path kubeconfig =
        Files.writeString(
            directory.resolve("kubeconfig"),
            Files.readString(plane.kubeconfig()).replace(plane.token(), token));

    WriteResult.Rejected rejected =
        assertInstanceOf(
            WriteResult.Rejected.class,
            RealClients.nodePatcher(RealClients.write(kubeconfig))
                .patchMetadata(read().meta(), label("nodeqos.io/a", "1")));

    assertEquals(403, rejected.code());
    assertTrue(rejected.reason().contains(account), rejected.reason());
  }

  @Test
  void writeIsNotSentWhenTheFenceClosesBeforeIt() throws ClientConfigException {
    ClosingFence fence = new ClosingFence(1);
    NodePatcher fenced = RealClients.nodePatcher(RealClients.write(plane.kubeconfig(), fence));
    NodeView before = read();

    assertEquals(
        new WriteResult.Fenced("the Lease has run out"),
        fenced.patchMetadata(before.meta(), label("nodeqos.io/warmed-up", "true")));
    assertEquals(before.meta(), read().meta(), "all but the last byte is nothing");

    fence.open();
    version(fenced.patchMetadata(before.meta(), label("nodeqos.io/warmed-up", "true")));
  }
}
