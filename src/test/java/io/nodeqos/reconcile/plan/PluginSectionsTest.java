// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.catalog;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PluginJar;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.gate.Gates;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.qos.PluginSettings;
import io.nodeqos.qos.WorkerObserver;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.qos.WorkerStatus;
import io.nodeqos.reconcile.DampingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a node carries of a plug-in whose worker throws, as it always does on nodes named bad. On
 * those named bare it has nothing to say.
 */
class PluginSectionsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final String SPEC =
      "{'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '1'}}]}}";
  private static final String GATED =
      "{'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '1'}}]},"
          + " 'warmUp': {'configApplied': {}}}";
  private static final String SLICES = "nodeqos.io/slices-cpu";
  private static final String GONE = "nodeqos.io/gone-cpu";
  private static final String BEFORE =
      "{\"slices\":{\"count\":7},\"sources\":{\"quota\":\"p\"},\"version\":\"0123456789\"}";

  @TempDir Path directory;
  private Optional<WorkerRegistry> workers = Optional.empty();

  @AfterEach
  void stop() {
    workers.ifPresent(WorkerRegistry::stop);
  }

  @Test
  void builtInSectionsApplyAndPluginSectionsStayUntilThePluginAnswers() throws IOException {
    NodePlan good = decide(carrying("good"));
    assertTrue(config(good).contains("\"slices\":{\"count\":8}"), config(good));
    assertEquals(Optional.empty(), good.checkAgainAt());
    assertTrue(good.status().removeResources().contains(GONE));

    NodePlan bad = decide(carrying("bad"));
    assertTrue(config(bad).contains("\"slices\":{\"count\":7}"), config(bad));
    assertTrue(config(bad).contains("gold"), config(bad));
    assertTrue(bad.status().setResources().containsKey("nodeqos.io/gold-cpu"));
    assertFalse(bad.status().removeResources().contains(SLICES));
    assertFalse(bad.status().removeResources().contains(GONE), "which may be of it as well");
    assertEquals(Optional.of(NOW.plusSeconds(30)), bad.checkAgainAt());
    assertEquals("No policy warms the node up.", bad.summary().message());

    NodeView settled = Plans.applied(carrying("bad"), bad);
    assertTrue(decide(settled).isConverged(), "and nothing is written again and again");
  }

  @Test
  void changedSectionChangesTheVersionThatTheGateWaitsFor() throws IOException {
    NodePlan bare = decide(node("bare").build(), GATED);
    NodePlan good = decide(node("good").build(), GATED);
    String without = version(bare);
    String with = version(good);
    assertEquals(
        catalog(policy("p", GATED)).snapshot().compile(node("n").build()).version(), without);
    assertNotEquals(without, with);
    assertEquals(with, good.summary().configVersion());
    assertTrue(config(good).contains("\"version\":\"" + with + "\""), config(good));

    // An agent has applied the policies, and the plug-in comes.
    NodeView applied =
        Plans.applied(
            node("good").annotation(Keys.APPLIED_VERSION, without).build(), bare.metadata());
    NodePlan reported = decide(applied, GATED);
    assertEquals(with, version(reported));
    assertFalse(reported.metadata().setLabels().containsKey(Keys.WARMED_UP), "not applied yet");
    assertEquals("ConfigNotApplied", reported.summary().reason());

    NodeView acknowledged =
        Plans.applied(
            Plans.applied(applied, reported),
            new MetadataChange(
                Map.of(),
                Set.of(),
                Map.of(Keys.APPLIED_VERSION, with),
                Set.of(),
                Optional.empty()));
    assertEquals("true", decide(acknowledged, GATED).metadata().setLabels().get(Keys.WARMED_UP));
  }

  @Test
  void versionStaysWhileThePluginGivesNoAnswer() throws IOException {
    NodePlan good = decide(node("good").build());
    NodeView silent = Plans.applied(node("bad").build(), good.metadata());
    NodePlan plan = decide(silent);
    assertEquals(MetadataChange.NONE, plan.metadata());
    assertEquals(version(good), plan.summary().configVersion());
  }

  @Test
  void newNodeGetsTheBuiltInSections() throws IOException {
    NodePlan plan = decide(node("bad").build());
    assertTrue(config(plan).contains("gold"), config(plan));
    assertFalse(config(plan).contains("slices"), config(plan));
  }

  @Test
  void emptyAnswerForOneNodeKeepsTheSectionsOfOtherNodes() throws IOException {
    assertFalse(config(decide(carrying("bare"))).contains("slices"));
    NodePlan bad = decide(carrying("bad"));
    assertTrue(config(bad).contains("\"slices\":{\"count\":7}"), config(bad));
    assertFalse(bad.status().removeResources().contains(SLICES));
  }

  @Test
  void resourcesOfAFormerQuotaAreRemovedWithoutAnAnswerOfThePlugin() throws IOException {
    String before =
        BEFORE.replace("{\"slices\"", "{\"quota\":{\"classes\":[{\"name\":\"gone\"}]},\"slices\"");
    NodePlan bad =
        decide(
            node("bad")
                .annotation(Keys.CONFIG, before)
                .resource(SLICES, "7")
                .resource(GONE, "1")
                .build());
    assertEquals(Set.of(GONE), bad.status().removeResources());
  }

  /** The policy of the quota is gone, with deletionPolicy Keep. */
  @Test
  void keptQuotaKeepsItsOwnResourcesAndNoneThatThePluginAdvertisesNoMore() throws IOException {
    NodeView good = Plans.applied(node("good").build(), decide(node("good").build()));
    NodeView bare =
        node("bare")
            .annotation(Keys.CONFIG, good.annotations().get(Keys.CONFIG))
            .resource("nodeqos.io/gold-cpu", "1000")
            .resource(SLICES, "8")
            .build();

    NodePlan plan = decide(bare, policy("q", "{'reservation': {'cpu': '1'}}"));

    assertTrue(config(plan).contains("\"quota\":\"p\""), config(plan));
    assertEquals(Set.of(SLICES), plan.status().removeResources());
  }

  @Test
  void keptSectionYieldsToPoliciesWhenTheAnnotationIsTooLarge() throws IOException {
    String slices = "\"slices\":\"" + "x".repeat(Keys.CONFIG_MAX_BYTES - 100) + "\"";
    String before = BEFORE.replace("\"slices\":{\"count\":7}", slices);
    NodeView node = node("bad").annotation(Keys.CONFIG, before).resource(SLICES, "7").build();
    NodePlan plan = decide(node);
    assertTrue(config(plan).contains("gold"), config(plan));
    assertFalse(config(plan).contains("slices"), config(plan));
    assertFalse(plan.status().removeResources().contains(SLICES), "which takes no room");
    assertEquals("No policy warms the node up.", plan.summary().message());
    assertEquals(
        Optional.of("plan: java.lang.IllegalStateException: no mood"), status("slices").error());
    workers.orElseThrow().crowdedOut(plan.summary().crowdedOut(), "bad");
    String error = status("slices").error().orElse("");
    assertEquals(
        "plan: java.lang.IllegalStateException: no mood; while it does not answer, its sections are"
            + " removed from nodes such as bad, whose configuration is too large with them",
        error);
    assertTrue(decide(Plans.applied(node, plan)).isConverged());

    decide(node("good").build());
    assertTrue(status("slices").healthy(), "it has answered");
  }

  @Test
  void unloadableJarKeepsTheSectionsOfNodesAndSchedulesNoRetry() throws IOException {
    Files.writeString(directory.resolve("broken.jar"), "no jar");
    NodePlan plan = decide(carrying("bare"));
    assertTrue(config(plan).contains("\"slices\":{\"count\":7}"), config(plan));
    assertEquals(Optional.empty(), plan.checkAgainAt());
  }

  private WorkerStatus status(String worker) {
    return workers.orElseThrow().status().stream()
        .filter(s -> s.name().equals(worker))
        .findFirst()
        .orElseThrow();
  }

  private static String version(NodePlan plan) {
    return plan.metadata().setLabels().get(Keys.CONFIG_VERSION);
  }

  private static String config(NodePlan plan) {
    return plan.metadata().setAnnotations().get(Keys.CONFIG);
  }

  private static NodeView carrying(String name) {
    NodeFixture node = node(name).annotation(Keys.CONFIG, BEFORE);
    return node.resource(SLICES, "7").resource(GONE, "1").build();
  }

  private NodePlan decide(NodeView node) throws IOException {
    return decide(node, SPEC);
  }

  private NodePlan decide(NodeView node, String spec) throws IOException {
    return decide(node, policy("p", spec));
  }

  private NodePlan decide(NodeView node, PolicyObject policy) throws IOException {
    if (workers.isEmpty()) {
      PluginJar.write(
          directory.resolve("slices.jar"),
          "Slices",
          """
          package com.example;

          import io.nodeqos.node.value.Quantity;
          import io.nodeqos.qos.*;
          import java.util.*;

          public final class Slices implements QosWorker {
            @Override public String name() { return "slices"; }
            @Override public int order() { return 50; }

            @Override public Contribution plan(WorkerInput input) {
              if (input.node().name().equals("bad")) {
                throw new IllegalStateException("no mood");
              }
              if (input.node().name().equals("bare")) {
                return Contribution.NONE;
              }
              return new Contribution(Map.of("slices", Map.of("count", 8)),
                  Map.of("nodeqos.io/slices-cpu", Quantity.of(8)), Optional.empty());
            }
          }
          """);
      workers =
          Optional.of(
              WorkerRegistry.discovered(
                  new PluginSettings(Optional.of(directory), Duration.ofSeconds(10)),
                  WorkerObserver.NONE));
      workers.get().start();
    }
    NodePlanner planner =
        new NodePlanner(
            new ConfigSyncer(workers.get(), () -> DampingSettings.DEFAULT, () -> false),
            new StatusUpdater(new Gates(), () -> DampingSettings.DEFAULT));
    return planner.decide(
        Plans.observation(
            node, ReservedFixture.nothing(), NodeMemory.NONE, catalog(policy).snapshot(), NOW));
  }
}
