// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.gate.Gates;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.qos.PluginSettings;
import io.nodeqos.reconcile.DampingSettings;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class KoordinatorReservationTest {
  private static final String VALUE = Keys.KOORDINATOR_RESERVATION;
  private static final String RECORD = Keys.PUBLISHED_RESERVATION;
  private static final String TWO_CORES =
      "{\"resources\":{\"cpu\":\"2\"},\"applyPolicy\":\"Default\"}";
  private static final ReservedState NO_PODS = new ReservedState(Map.of(), Optional.empty());

  private final PolicyCatalog policies = PolicyFixture.catalog();
  private long generation;
  private boolean publishes = true;
  private NodeMemory memory = NodeMemory.NONE;
  private Instant now = PolicyFixture.CREATED.plusSeconds(1_000);

  private final NodePlanner planner =
      new NodePlanner(
          new ConfigSyncer(
              Plans.workers(PluginSettings.DEFAULTS),
              () -> DampingSettings.DEFAULT,
              () -> publishes),
          new StatusUpdater(new Gates(), () -> DampingSettings.DEFAULT));

  private NodePlan decide(NodeView node) {
    return decide(node, NO_PODS);
  }

  private NodePlan decide(NodeView node, ReservedState pods) {
    now = now.plusSeconds(1);
    NodePlan plan = planner.decide(Plans.observation(node, pods, memory, policies.snapshot(), now));
    memory = plan.memory();
    return plan;
  }

  private void reserve(String reservation) {
    apply("{'reservation': " + reservation + "}");
  }

  private void apply(String spec) {
    policies.apply(policy("p", ++generation, PolicyFixture.CREATED, spec));
  }

  private static NodeView with(NodeView node, Map<String, String> annotations) {
    Map<String, String> all = new HashMap<>(node.annotations());
    annotations.forEach(
        (key, value) -> {
          if (value.isEmpty()) {
            all.remove(key);
          } else {
            all.put(key, value);
          }
        });
    return new NodeView(node.meta(), node.labels(), all, node.taints(), node.status());
  }

  private static NodeView allocatable(NodeView node, String resource, String amount) {
    Map<String, Quantity> all = new HashMap<>(node.status().allocatable());
    all.put(resource, Quantity.parse(amount));
    NodeView.Status status = node.status();
    return new NodeView(
        node.meta(),
        node.labels(),
        node.annotations(),
        node.taints(),
        new NodeView.Status(
            status.capacity(),
            all,
            status.conditions(),
            status.images(),
            status.bootId(),
            status.software()));
  }

  private static String valueOn(NodeView node) {
    return node.annotations().get(VALUE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'cpu': '2'} | 8 | {\"cpu\":\"2\"}",
        "{'cpu': '2'} | 7500m | {\"cpu\":\"1500m\"}",
        "{'cpu': '25%', 'memory': '1Gi'} | 7 | {\"cpu\":\"1\",\"memory\":\"1Gi\"}",
        "{'memory': '1Gi', 'ephemeralStorage': '2Gi'} | 7 | {\"memory\":\"1Gi\",\"ephemeral-storage\":\"2Gi\"}",
        "{'cpu': '2', 'memory': '1Gi'} | 5 | {\"memory\":\"1Gi\"}",
      })
  void valueIsWithoutThePartThatTheKubeletHoldsBack(
      String reservation, String allocatableCpu, String resources) {
    reserve(reservation);
    NodeView node = allocatable(eightCores(), "cpu", allocatableCpu);

    NodeView after = Plans.applied(node, decide(node));

    assertEquals("{\"resources\":" + resources + ",\"applyPolicy\":\"Default\"}", valueOn(after));
    assertEquals(valueOn(after), after.annotations().get(RECORD));
    assertTrue(decide(after).isConverged());
  }

  private static NodeView eightCores() {
    return node("n").resource("cpu", "8").resource("memory", "32Gi").build();
  }

  @Test
  void hugePagesAreNotHeldBackByTheKubelet() {
    reserve("{'memory': '2Gi'}");
    NodeView huge =
        node("n")
            .resource("cpu", "8")
            .resource("memory", "64Gi")
            .resource("hugepages-2Mi", "8Gi")
            .resource("hugepages-1Gi", "16Gi")
            .build();
    // As the kubelet computes it: without both sizes, and without 512Mi for itself.
    NodeView node = allocatable(huge, "memory", "40448Mi");

    NodeView after = Plans.applied(node, decide(node));

    assertEquals(
        "{\"resources\":{\"memory\":\"1536Mi\"},\"applyPolicy\":\"Default\"}", valueOn(after));
  }

  @Test
  void nothingIsPublishedWhenTheKubeletHoldsAllOfItBack() {
    reserve("{'cpu': '2'}");
    NodeView node = allocatable(eightCores(), "cpu", "6");

    assertNull(valueOn(Plans.applied(node, decide(node))));
  }

  @Test
  void valueOfAnotherWriterStaysAlsoWhenItIsTheSame() {
    reserve("{'cpu': '2'}");
    for (String theirs : List.of("{}", TWO_CORES)) {
      NodeView node = with(eightCores(), Map.of(VALUE, theirs));

      NodeView after = Plans.applied(node, decide(node));
      publishes = false;
      NodeView off = Plans.applied(after, decide(after));
      publishes = true;

      assertEquals(theirs, valueOn(off));
      assertNull(off.annotations().get(RECORD));
    }
  }

  @Test
  void aValueThatWasChangedAfterOursIsRepairedAndNotRemoved() {
    reserve("{'cpu': '2'}");
    NodeView published = Plans.applied(eightCores(), decide(eightCores()));
    NodeView changed = with(published, Map.of(VALUE, "{}"));
    assertEquals(TWO_CORES, valueOn(Plans.applied(changed, decide(changed))));

    publishes = false;
    NodeView off = Plans.applied(changed, decide(changed));
    assertEquals("{}", valueOn(off));
    assertNull(off.annotations().get(RECORD));
  }

  @Test
  void itGoesWithThePolicyOnlyIfThatCleansUp() {
    for (String deletionPolicy : List.of("Keep", "Remove")) {
      String spec = "{'deletionPolicy': '" + deletionPolicy + "', 'reservation': {'cpu': '2'}}";
      policies.apply(policy("q", spec).withFinalizers("11", List.of(Keys.FINALIZER)));
      policies.apply(policy("other", "{'quota': {'classes': [{'name': 'a'}]}}"));
      NodeView node = eightCores();
      NodeView published = Plans.applied(node, decide(node));
      assertEquals(TWO_CORES, valueOn(published));

      policies.apply(PolicyFixture.deleting(policy("q", spec), Keys.FINALIZER));
      NodeView after = Plans.applied(published, decide(published));

      assertEquals(deletionPolicy.equals("Keep") ? TWO_CORES : null, valueOn(after));
      assertTrue(decide(after).isConverged());
      policies.remove("q");
    }
  }

  private enum Cause {
    SWITCHED_ON,
    SWITCHED_OFF,
    REMOVED_BY_ANOTHER_WRITER
  }

  @ParameterizedTest
  @EnumSource
  void aLowerReservationStillWaitsWhenOnlyTheAnnotationChanges(Cause cause) {
    apply("{'reservation': {'cpu': '500m', 'countReservedPods': true}}");
    publishes = cause != Cause.SWITCHED_ON;
    ReservedState many = PlannerTestCase.cni(true, 1000);
    ReservedState few = PlannerTestCase.cni(true, 100);
    NodeView node = Plans.applied(eightCores(), decide(eightCores(), many));
    memory = memory.configWritten(now);
    assertTrue(decide(node, few).isConverged(), "the decrease waits");
    Instant lowerSince = now;

    publishes = cause != Cause.SWITCHED_OFF;
    NodeView changed =
        cause == Cause.REMOVED_BY_ANOTHER_WRITER ? with(node, Map.of(VALUE, "")) : node;
    NodePlan plan = decide(changed, few);

    assertFalse(plan.isConverged());
    assertFalse(plan.metadata().setAnnotations().containsKey(Keys.CONFIG), plan.toString());
    NodeView after = Plans.applied(changed, plan);
    assertEquals(cause != Cause.SWITCHED_OFF, after.annotations().containsKey(VALUE));
    assertTrue(decide(after, few).isConverged());
    now = lowerSince.plusSeconds(600);
    assertTrue(
        decide(after, few).metadata().setAnnotations().get(Keys.CONFIG).contains("\"600m\""),
        "it has waited ten minutes");
  }

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noValueOfAnotherWriterIsChangedAndOursConverges(long seed) {
    Random random = new Random(seed);
    NodeView node = eightCores();
    for (int step = 0; step < 30; step++) {
      switch (random.nextInt(6)) {
        case 0 -> node = with(node, Map.of(VALUE, random.nextBoolean() ? "" : "{}"));
        case 1 -> node = with(node, Map.of(RECORD, ""));
        case 2 -> publishes = random.nextBoolean();
        case 3 -> reserve("{'cpu': '" + random.nextInt(3) + "', 'memory': '1Gi'}");
        case 4 -> node = allocatable(node, "cpu", 5 + random.nextInt(3) + "");
        default -> apply("{'quota': {'classes': [{'name': 'a'}]}}");
      }
      NodeView after = Plans.applied(node, decide(node));
      if (valueOn(node) != null && !node.annotations().containsKey(RECORD)) {
        assertEquals(valueOn(node), valueOn(after), "in step " + step);
      }
      if (!publishes && !policies.snapshot().inForce().isEmpty()) {
        assertNull(after.annotations().get(RECORD), "in step " + step);
      }
      assertTrue(decide(after).base().isEmpty(), "in step " + step);
      node = after;
    }
  }
}
