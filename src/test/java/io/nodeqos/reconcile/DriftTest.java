// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.CapturedLog;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.queue.Outcome;
import io.nodeqos.reconcile.fleet.WriteDamping;
import io.nodeqos.reconcile.node.NodeReport;
import io.nodeqos.reconcile.plan.Plans;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Another writer changes the configuration on nodes. */
class DriftTest {
  private static final String CPU = "nodeqos.io/gold-cpu";
  private static final String MEMORY = "nodeqos.io/gold-memory";
  private static final String TWO_CLASSES =
      """
      {'quota': {'classes': [
         {'name': 'gold', 'cpu': {'weight': 400}, 'advertise': {'cpu': '50%', 'memory': '1Gi'}},
         {'name': 'tin', 'advertise': {'cpu': '1'}}]},
       'reservation': {'cpu': '1'}}
      """;
  private static final String ONE_CLASS =
      """
      {'quota': {'classes': [
         {'name': 'gold', 'cpu': {'weight': 400}, 'advertise': {'cpu': '50%', 'memory': '1Gi'}}]},
       'reservation': {'cpu': '1'}}
      """;

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private final TestProcess leader = TestProcess.leader(api, time, named(1, TWO_CLASSES));

  /** The change of another writer, and the one patch that repairs it. */
  record Drift(String description, UnaryOperator<NodeView> by, String patch) {
    @Override
    public String toString() {
      return description;
    }
  }

  static List<Drift> drifts() {
    return List.of(
        new Drift("the label is gone", n -> Plans.unlabelled(n, Keys.CONFIG_VERSION), "metadata"),
        new Drift("the label is another", metadata(Map.of(Keys.CONFIG_VERSION, "0")), "metadata"),
        new Drift("the annotation is gone", annotation(null), "metadata"),
        new Drift("the annotation is another", annotation("{}"), "metadata"),
        new Drift("resources are gone", resources(Map.of(), Set.of(CPU, MEMORY)), "status"),
        new Drift(
            "the kubelet has started anew",
            resources(Map.of(CPU, Quantity.of(0), MEMORY, Quantity.of(0)), Set.of()),
            "status"),
        new Drift(
            "a resource is another", resources(Map.of(CPU, Quantity.of(1)), Set.of()), "status"),
        new Drift("one is only in allocatable another", DriftTest::lessAllocatable, "status"),
        new Drift(
            "one too many",
            resources(Map.of("nodeqos.io/lead-cpu", Quantity.of(1)), Set.of()),
            "status"));
  }

  @ParameterizedTest
  @MethodSource("drifts")
  void driftIsRepairedAtOnceWithOneWrite(Drift drift) {
    NodeView settled = settle();
    api.change("n", drift.by());
    leader.reconcileFresh("n");
    assertEquals(List.of(drift.patch()), patches());
    assertEquals(settled.labels(), api.node("n").labels());
    assertEquals(settled.annotations(), api.node("n").annotations());
    assertEquals(settled.status(), api.node("n").status());
    leader.reconcileFresh("n");
    assertEquals(List.of(), patches());
  }

  @Test
  void quantityInAnotherNotationIsNoDrift() {
    settle();
    assertEquals(Quantity.of(3500), api.node("n").status().capacity().get(CPU));
    api.change("n", resources(Map.of(CPU, Quantity.parse("3.5k")), Set.of()));
    leader.reconcileFresh("n");
    assertEquals(List.of(), patches());
  }

  @Test
  void answersOfTheAgentCostNoWrite() {
    settle();
    for (MetadataChange answer :
        List.of(
            MetadataChange.NONE.withAnnotation(Keys.APPLY_ERROR, "0123456789 no such controller"),
            MetadataChange.NONE.withAnnotation(Keys.APPLIED_VERSION, "0123456789"))) {
      api.change("n", n -> Plans.applied(n, answer));
      leader.reconcileFresh("n");
    }
    assertEquals(
        "0123456789 no such controller", api.node("n").annotations().get(Keys.APPLY_ERROR));
    assertEquals(List.of(), patches());
  }

  @Test
  void resourcesOfARemovedClassAndSectionAreRemoved() {
    settle();
    leader.policies.apply(named(2, ONE_CLASS));
    leader.reconcileFresh("n");
    assertEquals(List.of("metadata", "status"), patches());
    assertEquals(Set.of(CPU, MEMORY), own());
    assertFalse(config().contains("tin"), config());

    leader.policies.apply(named(3, "{'reservation': {'cpu': '1'}}"));
    leader.reconcileFresh("n");
    assertEquals(List.of("metadata", "status"), patches());
    assertEquals(Set.of(), own());
    assertFalse(config().contains("quota"), config());

    leader.policies.apply(named(4, "{'warmUp': {'nodeReady': {}}}"));
    leader.reconcileFresh("n");
    assertFalse(api.node("n").annotations().containsKey(Keys.CONFIG));
    assertFalse(api.node("n").labels().containsKey(Keys.CONFIG_VERSION));
  }

  @Test
  void repairsBackOffAgainstAPersistentWriter() {
    settle();
    try (CapturedLog log = CapturedLog.of(NodeReport.class)) {
      Duration hour = Duration.ofHours(1);
      for (Duration passed = Duration.ZERO;
          passed.compareTo(hour) < 0;
          passed = passed.plusSeconds(1)) {
        api.change("n", annotation("{}"));
        leader.reconcileFresh("n");
        time.advance(Duration.ofSeconds(1));
      }
      int writes = patches().size();
      // 5 s, 10 s, ... 160 s make seven in 315 s, then one each five minutes.
      assertEquals(7 + (3600 - 315) / 300, writes);
      assertEquals(1, log.warnings().size(), log.warnings()::toString);
      assertTrue(
          log.warnings().get(0).contains("reverts annotation nodeqos.io/config, or"),
          log.warnings()::toString);
    }
  }

  @Test
  void postponedRepairIsReconciledWhenItIsDue() {
    settle();
    undone();
    undone();
    assertEquals(List.of("metadata"), patches(), "the first is put right at once");
    assertEquals(Outcome.again(Duration.ofSeconds(5)), leader.reconcileFresh("n"));
    time.advance(Duration.ofSeconds(5));
    leader.reconcileFresh("n");
    assertEquals(List.of("metadata"), patches());
  }

  @Test
  void driftBackoffDoesNotDelayTimedChanges() {
    settle();
    leader.policies.apply(
        named(
            2, "{'reservation': {'cpu': '100m'}, 'warmUp': {'stableFor': '2m', 'nodeReady': {}}}"));
    leader.reconcileFresh("n");
    for (int pause : List.of(0, 5, 10, 20, 40)) {
      time.advance(Duration.ofSeconds(pause));
      leader.reconcileFresh("n");
      undone();
    }
    assertEquals(
        Outcome.again(Duration.ofSeconds(45)),
        leader.reconcileFresh("n"),
        "two minutes of calm end before the next repair is due");
  }

  @Test
  void driftBackoffDoesNotDelayANewPolicy() {
    settle();
    for (int i = 0; i < 10; i++) {
      undone();
    }
    patches();
    leader.policies.apply(named(2, ONE_CLASS));
    leader.reconcileFresh("n");
    assertEquals(List.of("metadata", "status"), patches());
  }

  @Test
  void repairIsImmediateAgainAfterCalmAndForANewNode() {
    settle();
    for (int i = 0; i < 10; i++) {
      undone();
      time.advance(Duration.ofMinutes(1));
    }
    time.advance(WriteDamping.RESET_AFTER);
    leader.reconcileFresh("n");
    time.advance(WriteDamping.RESET_AFTER);
    patches();
    undone();
    assertEquals(List.of("metadata"), patches());

    undone();
    assertEquals(List.of(), patches());
    api.put(node("n").uid("another").build());
    leader.reconcileFresh("n");
    assertEquals(List.of("metadata", "status"), patches());
  }

  @Test
  void conflictDoesNotDelayARepair() {
    settle();
    api.change("n", annotation("{}"));
    leader.catchUp();
    api.change("n", UnaryOperator.identity());
    leader.reconcile("n");
    assertEquals(List.of("metadata", "GET", "metadata"), patches());
    assertFalse(config().equals("{}"));
  }

  private NodeView settle() {
    api.put(node("n").build());
    leader.reconcileFresh("n");
    patches();
    return api.node("n");
  }

  private void undone() {
    api.change("n", annotation("{}"));
    leader.reconcileFresh("n");
  }

  private List<String> patches() {
    return api.calls().stream().map(call -> call.substring(0, call.indexOf(' '))).toList();
  }

  private String config() {
    return api.node("n").annotations().get(Keys.CONFIG);
  }

  private Set<String> own() {
    return Set.copyOf(
        api.node("n").status().allocatable().keySet().stream()
            .filter(Keys::isOwnResource)
            .toList());
  }

  private static PolicyObject named(long generation, String spec) {
    return policy("p", generation, PolicyFixture.CREATED, spec);
  }

  private static UnaryOperator<NodeView> metadata(Map<String, String> labels) {
    return n ->
        Plans.applied(
            n, new MetadataChange(labels, Set.of(), Map.of(), Set.of(), Optional.empty()));
  }

  private static UnaryOperator<NodeView> annotation(String value) {
    Map<String, String> set = value == null ? Map.of() : Map.of(Keys.CONFIG, value);
    Set<String> remove = value == null ? Set.of(Keys.CONFIG) : Set.of();
    return n ->
        Plans.applied(n, new MetadataChange(Map.of(), Set.of(), set, remove, Optional.empty()));
  }

  private static UnaryOperator<NodeView> resources(Map<String, Quantity> set, Set<String> remove) {
    return n -> Plans.applied(n, new StatusChange(Optional.empty(), set, remove));
  }

  private static NodeView lessAllocatable(NodeView node) {
    NodeView less = resources(Map.of(CPU, Quantity.of(1)), Set.of()).apply(node);
    NodeView.Status s = node.status();
    return new NodeView(
        node.meta(),
        node.labels(),
        node.annotations(),
        node.taints(),
        new NodeView.Status(
            s.capacity(),
            less.status().allocatable(),
            s.conditions(),
            s.images(),
            s.bootId(),
            s.software()));
  }
}
