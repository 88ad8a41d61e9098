// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.events.QosEvent.Type;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Taint;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.TestProcess;
import io.nodeqos.reconcile.plan.Plans;
import io.nodeqos.reconcile.plan.WarmUpMark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WriteDampingTest {
  private static final NodeView.Meta NODE = node("n").build().meta();
  private static final String SPEC =
      """
      {'reservation': {'cpu': '1'},
       'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '50%'}}]},
       'warmUp': {'taintNewNodes': true, 'stableFor': '1s', 'nodeReady': {}}}
      """;

  private final FakeTime time = new FakeTime();
  private final WriteDamping damping = new WriteDamping();

  /** What the other writer does to the node each time that it has changed. */
  record Undo(String description, List<UnaryOperator<NodeView>> inTurn) {
    @Override
    public String toString() {
      return description;
    }
  }

  static List<Undo> undos() {
    UnaryOperator<NodeView> mark = change(Map.of(), Set.of(Keys.WARMED_UP), Map.of(), Set.of());
    UnaryOperator<NodeView> otherMark =
        change(Map.of(Keys.WARMED_UP, "no"), Set.of(), Map.of(), Set.of());
    UnaryOperator<NodeView> evidence =
        change(Map.of(), Set.of(), Map.of(), Set.of(Keys.WARMED_UP_FOR));
    UnaryOperator<NodeView> version =
        change(Map.of(Keys.CONFIG_VERSION, "x"), Set.of(), Map.of(), Set.of());
    UnaryOperator<NodeView> config = change(Map.of(), Set.of(), Map.of(Keys.CONFIG, "5"), Set.of());
    UnaryOperator<NodeView> images =
        change(Map.of(Keys.IMAGES, "other"), Set.of(), Map.of(), Set.of());
    UnaryOperator<NodeView> taint =
        n -> Plans.tainted(n, Taint.of(Keys.STARTUP_TAINT, "NoSchedule"));
    UnaryOperator<NodeView> condition =
        n ->
            Plans.applied(
                n,
                new StatusChange(
                    Optional.of(
                        new NodeCondition(
                            Keys.WARMED_UP_CONDITION, "Unknown", "Other", "", FakeTime.START)),
                    Map.of(),
                    Set.of()));
    UnaryOperator<NodeView> resource =
        n ->
            Plans.applied(
                n,
                new StatusChange(
                    Optional.empty(),
                    Map.of(
                        "nodeqos.io/gold-cpu", Quantity.of(0), "nodeqos.io/x-cpu", Quantity.of(1)),
                    Set.of()));
    return List.of(
        new Undo("mark", List.of(mark)),
        new Undo("mark with another value", List.of(otherMark)),
        new Undo("evidence of the mark", List.of(evidence)),
        new Undo("version", List.of(version)),
        new Undo("configuration", List.of(config)),
        new Undo("images", List.of(images)),
        new Undo("taint", List.of(taint)),
        new Undo("condition", List.of(condition)),
        new Undo("resources", List.of(resource)),
        new Undo("in turn", List.of(mark, config, condition, resource, taint, version)),
        new Undo(
            "all at once",
            List.of(
                n -> resource.apply(condition.apply(config.apply(mark.apply(taint.apply(n))))))));
  }

  @ParameterizedTest
  @MethodSource("undos")
  void repairsBackOffWhateverFieldAnotherWriterReverts(Undo undo) {
    FakeNodeWriter api = new FakeNodeWriter();
    TestProcess leader = TestProcess.leader(api, time, policy("p", SPEC));
    api.put(node("n").created(PolicyFixture.CREATED.plusSeconds(1)).build());
    for (int i = 0; i < 20; i++) {
      leader.reconcileFresh("n");
      time.advance(Duration.ofSeconds(1));
    }
    assertTrue(WarmUpMark.isLabelled(api.node("n")), "the test itself");
    api.calls();

    int first = fight(undo, api, leader, Duration.ofSeconds(20));
    int later = fight(undo, api, leader, Duration.ofMinutes(10));

    // At once, after 5 s and after 10 s; each may be two patches. In turn, each thing once more.
    assertTrue(first <= (undo.inTurn().size() == 1 ? 6 : 14), first + " writes in 20 s");
    assertTrue(later <= 20, later + " writes in ten minutes");
    assertEquals(
        1,
        leader.eventTypes().stream().filter(t -> t == Type.WRITES_DAMPED).count(),
        "reported once");
    assertEquals(1, leader.damping.damped(time.nanos()));

    for (int i = 0; i < 16; i++) {
      leader.reconcileFresh("n");
      time.advance(Duration.ofMinutes(1));
    }
    assertTrue(WarmUpMark.isLabelled(api.node("n")), "once the writer has given up");
    assertEquals(0, leader.damping.damped(time.nanos()));
  }

  private int fight(Undo undo, FakeNodeWriter api, TestProcess leader, Duration time) {
    String seen = "";
    int turn = 0;
    for (long left = time.toMillis(); left > 0; left -= 200) {
      if (!api.node("n").meta().resourceVersion().equals(seen)) {
        seen =
            api.change("n", undo.inTurn().get(turn++ % undo.inTurn().size()))
                .meta()
                .resourceVersion();
      }
      leader.reconcileFresh("n");
      this.time.advance(Duration.ofMillis(200));
    }
    return (int) api.calls().stream().filter(call -> !call.startsWith("GET")).count();
  }

  /** One write that a plan wants. */
  record Wish(int cause, String value) {}

  @Test
  void changingPlanWithoutACauseIsDamped() {
    assertTrue(writes(Duration.ofMinutes(1), i -> new Wish(7, "v" + i)) <= 18);
    assertEquals(1, damping.damped(time.nanos()));
  }

  @Test
  void alternatingPlanWithoutACauseIsDamped() {
    assertTrue(writes(Duration.ofMinutes(1), i -> new Wish(7, "v" + i % 2)) <= 7);
    assertEquals(1, damping.damped(time.nanos()));
  }

  @Test
  void frequentCausesAreDamped() {
    assertTrue(writes(Duration.ofSeconds(20), i -> new Wish(i, "v" + i % 2)) <= 26);
  }

  @Test
  void occasionalCauseIsNotDamped() {
    for (int i = 0; i < 200; i++) {
      Wish wish = new Wish(i % 2, "v" + i % 2);
      assertTrue(write(wish), "write " + i);
      time.advance(WriteDamping.CAUSE_INTERVAL);
    }
    assertEquals(0, damping.damped(time.nanos()));
  }

  @Test
  void newCauseIsWrittenAtOnceDuringAFight() {
    writes(Duration.ofMinutes(5), i -> new Wish(7, "v"));
    assertFalse(write(new Wish(7, "v")));
    assertTrue(write(new Wish(8, "v")));
  }

  @Test
  void reportNamesTheDisputedLabel() {
    List<WriteDamping.Fight> reported = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      damping.written(NODE, 7, things("v"), true, time.nanos()).ifPresent(reported::add);
    }
    assertEquals(List.of(new WriteDamping.Fight(List.of("label a"), false)), reported);
  }

  @Test
  void reportOfFrequentCausesIsNoReportOfAnotherWriterOfTheLabel() {
    List<WriteDamping.Fight> reported = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      damping.written(NODE, i, things("v" + i % 2), true, time.nanos()).ifPresent(reported::add);
    }
    assertEquals(List.of(new WriteDamping.Fight(List.of("label a"), true)), reported);
  }

  /** How many of the wishes, ten a second, come true; the next wish comes after a write. */
  private int writes(Duration forHowLong, IntFunction<Wish> wishes) {
    int written = 0;
    for (long left = forHowLong.toMillis(); left > 0; left -= 100) {
      written += write(wishes.apply(written)) ? 1 : 0;
      time.advance(Duration.ofMillis(100));
    }
    return written;
  }

  private boolean write(Wish wish) {
    long now = time.nanos();
    WrittenKeys things = things(wish.value());
    if (damping.pause(NODE, wish.cause(), things, now).isPresent()) {
      return false;
    }
    damping.written(NODE, wish.cause(), things, true, now);
    return true;
  }

  private static WrittenKeys things(String value) {
    return WrittenKeys.of(
        new MetadataChange(Map.of("a", value), Set.of(), Map.of(), Set.of(), Optional.empty()));
  }

  private static UnaryOperator<NodeView> change(
      Map<String, String> labels,
      Set<String> noLabels,
      Map<String, String> annotations,
      Set<String> noAnnotations) {
    return n ->
        Plans.applied(
            n, new MetadataChange(labels, noLabels, annotations, noAnnotations, Optional.empty()));
  }
}
