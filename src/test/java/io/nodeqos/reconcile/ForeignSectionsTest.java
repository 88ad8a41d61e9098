// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.catalog;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PluginJar;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.gate.Gates;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodePlan;
import io.nodeqos.node.NodeView;
import io.nodeqos.qos.PluginSettings;
import io.nodeqos.qos.WorkerObserver;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.reconcile.NodePlanner.Observation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node carries of a plug-in whose worker throws, as it always does on nodes named bad. */
class ForeignSectionsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final String SPEC =
      "{'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '1'}}]}}";
  private static final String SLICES = "nodeqos.io/slices-cpu";
  private static final String GONE = "nodeqos.io/gone-cpu";
  private static final String BEFORE =
      "{\"slices\":{\"count\":7},\"sources\":{\"quota\":\"p\"},\"version\":\"0123456789\"}";

  @TempDir Path folder;
  private Optional<WorkerRegistry> workers = Optional.empty();

  @AfterEach
  void stop() {
    workers.ifPresent(WorkerRegistry::stop);
  }

  @Test
  void whatIsBuiltInIsAppliedAndTheRestStaysUntilItAnswersAgain() throws IOException {
    NodePlan good = decide(carrying("good"));
    assertTrue(config(good).contains("\"slices\":{\"count\":8}"), config(good));
    assertEquals(Optional.empty(), good.checkAgainAt());
    assertTrue(good.status().removeResources().contains(GONE));

    NodePlan bad = decide(carrying("bad"));
    assertTrue(config(bad).contains("\"slices\":{\"count\":7}"), config(bad));
    assertTrue(config(bad).contains("gold"), config(bad));
    assertTrue(bad.status().setResources().containsKey("nodeqos.io/gold-cpu"));
    assertFalse(bad.status().removeResources().contains(SLICES));
    assertTrue(bad.status().removeResources().contains(GONE), "which no plug-in has contributed");
    assertEquals(Optional.of(NOW.plusSeconds(30)), bad.checkAgainAt());
    assertEquals("No policy warms the node up.", bad.summary().message());

    NodeView settled = Plans.applied(carrying("bad"), bad);
    assertTrue(decide(settled).isConverged(), "and nothing is written again and again");
  }

  @Test
  void aNodeThatHasNothingOfItYetGetsWhatIsBuiltIn() throws IOException {
    NodePlan plan = decide(node("bad").build());
    assertTrue(config(plan).contains("gold"), config(plan));
    assertFalse(config(plan).contains("slices"), config(plan));
  }

  private static String config(NodePlan plan) {
    return plan.metadata().setAnnotations().get(Keys.CONFIG);
  }

  private static NodeView carrying(String name) {
    NodeFixture node = node(name).annotation(Keys.CONFIG, BEFORE);
    return node.resource(SLICES, "7").resource(GONE, "1").build();
  }

  private NodePlan decide(NodeView node) throws IOException {
    if (workers.isEmpty()) {
      PluginJar.write(
          folder.resolve("slices.jar"),
          "Slices",
          """
          package com.example;

          import io.nodeqos.node.Quantity;
          import io.nodeqos.qos.*;
          import java.util.*;

          public final class Slices implements QosWorker {
            @Override public String name() { return "slices"; }
            @Override public int order() { return 50; }

            @Override public Contribution plan(WorkerInput input) {
              if (input.node().name().equals("bad")) {
                throw new IllegalStateException("no mood");
              }
              return new Contribution(Map.of("slices", Map.of("count", 8)),
                  Map.of("nodeqos.io/slices-cpu", Quantity.of(8)), Optional.empty());
            }
          }
          """);
      workers =
          Optional.of(
              WorkerRegistry.discovered(
                  new PluginSettings(Optional.of(folder), Duration.ofSeconds(10)),
                  WorkerObserver.NONE));
      workers.get().start();
    }
    NodePlanner planner =
        new NodePlanner(
            new ConfigSyncer(workers.get(), () -> DampingSettings.DEFAULT),
            new StatusUpdater(new Gates(), () -> DampingSettings.DEFAULT));
    return planner.decide(
        new Observation(
            node,
            ReservedFixture.nothing(),
            NodeMemory.NONE,
            catalog(policy("p", SPEC)).snapshot()),
        NOW);
  }
}
