// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Taint;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.plan.Plans;
import io.nodeqos.reconcile.plan.WarmUpStart;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Another writer gives our fields on a node a wrong value: it is repaired or ignored, within a few
 * writes and without an exception, whatever the node is doing.
 */
class WrongValuesTest {
  private static final String GOLD = "nodeqos.io/gold-cpu";
  private static final String LONG = "x".repeat(200_000);
  private static final String SPEC =
      """
      {'reservation': {'cpu': '10%%', 'countReservedPods': true},
       'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '50%%', 'memory': '1Gi'}}]},
       'warmUp': {'taintNewNodes': true, 'stableFor': '5s', 'nodeReady': {'timeout': '1h'},
         'configApplied': {'timeout': '2h', 'onTimeout': 'Release'}}%s}
      """;

  private static final List<String> FEW =
      List.of(
          "5", "1e999999999", "null", "\"text\"", "[[]]", "{\"cpu\":{}}", "{\"cpu\":\"1e999\"}");

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();

  /** One wrong value of one thing. */
  record Wrong(String what, UnaryOperator<NodeView> by) {
    @Override
    public String toString() {
      return (what.length() > 90 ? what.substring(0, 90) + "…" : what).replace('\0', '0');
    }
  }

  static Stream<Wrong> wrongs() {
    return Stream.of(labels(), annotations(), conditions(), resources(), taints())
        .flatMap(List::stream);
  }

  private static List<Wrong> labels() {
    List<Wrong> wrongs = new ArrayList<>();
    for (String key : List.of(Keys.WARMED_UP, Keys.CONFIG_VERSION, Keys.IMAGES)) {
      for (String value : List.of("", "true", "false", "True", "5", "0123456789", "a.b_c-D")) {
        wrongs.add(label(key, value));
      }
    }
    return wrongs;
  }

  private static List<Wrong> annotations() {
    List<Wrong> wrongs = new ArrayList<>();
    for (String value : texts()) {
      wrongs.add(annotation(Keys.CONFIG, value));
      wrongs.add(annotation(Keys.WARMED_UP_FOR, value));
      wrongs.add(annotation(Keys.WARMED_UP_AT, value));
      wrongs.add(annotation(Keys.WARMING_UP_SINCE, value));
      wrongs.add(annotation(Keys.IMAGES_PRESENT, value));
      wrongs.add(annotation(Keys.APPLIED_VERSION, value));
      wrongs.add(annotation(Keys.LEADER_EPOCH, value));
      wrongs.add(annotation(Keys.TRACEPARENT, value));
    }
    for (String section : List.of("version", "sources", "digests", "reservation", "quota", "x")) {
      for (String value : FEW) {
        wrongs.add(
            annotation(
                Keys.CONFIG,
                "{\"sources\":{\"reservation\":\"p\",\"quota\":\"gone\",\"warmUp\":\"gone\"},\""
                    + section
                    + "\":"
                    + value
                    + "}"));
      }
    }
    for (String value : FEW) {
      wrongs.add(annotation(Keys.CONFIG, "{\"reservation\":{\"cpu\":" + value + "}}"));
      wrongs.add(annotation(Keys.CONFIG, "{\"quota\":{\"classes\":" + value + "}}"));
      wrongs.add(annotation(Keys.CONFIG, "{\"quota\":{\"classes\":[" + value + "]}}"));
      wrongs.add(annotation(Keys.CONFIG, "{\"quota\":{\"classes\":[{\"name\":" + value + "}]}}"));
      wrongs.add(annotation(Keys.CONFIG, "{\"sources\":{\"quota\":" + value + "}}"));
    }
    return wrongs;
  }

  /** No text of ours: no JSON, JSON of all kinds, no time, times far outside. */
  private static List<String> texts() {
    List<String> texts = new ArrayList<>(json());
    texts.addAll(
        List.of(
            "",
            " ",
            "{",
            "{}",
            "{}{}",
            "{\"a\":1,\"a\":2}",
            "{a:1}",
            "NaN",
            "-",
            "\0",
            LONG,
            "[".repeat(100_000),
            "{\"a\":".repeat(100_000),
            "yesterday",
            "uid-1",
            "uid-1/",
            "/boot-1",
            "uid-1/boot-1/x",
            "uid-2/boot-1",
            "9999999",
            "+9999999-01-01T00:00:00Z",
            "+999999999-12-31T23:59:59Z",
            "+1000000000-12-31T23:59:59.999999999Z",
            "-1000000000-01-01T00:00:00Z",
            "-1000000000-01-01T00:00:00Z/uid-1",
            "+1000000000-12-31T23:59:59Z/uid-1",
            "-0001-01-01T00:00:00Z",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "2026-13-01T00:00:00Z",
            "2026-02-28T23:59:60Z",
            "2026-02-28T24:00:00Z",
            "1970-01-01T00:00:00Z"));
    return texts;
  }

  private static List<String> json() {
    return List.of(
        "5",
        "-5",
        "5.5",
        "1e999999999",
        "-1e-999999999",
        "9".repeat(5_000),
        "true",
        "null",
        "\"\"",
        "\"text\"",
        "\"1e999\"",
        "[]",
        "[[]]",
        "[1,\"a\",null]",
        "{}",
        "{\"cpu\":{}}",
        "{\"cpu\":[]}",
        "{\"cpu\":null}",
        "{\"cpu\":true}",
        "{\"cpu\":\"-7\"}",
        "{\"cpu\":\"1e999\",\"memory\":\"9E\"}",
        "[".repeat(200) + "]".repeat(200),
        "[".repeat(5_000) + "]".repeat(5_000),
        "{\"a\":".repeat(250) + "1" + "}".repeat(250));
  }

  private static List<Wrong> conditions() {
    List<Wrong> wrongs = new ArrayList<>();
    wrongs.add(new Wrong("no condition", WrongValuesTest::withoutCondition));
    for (String status : List.of("", "True", "False", "Unknown", "Maybe")) {
      for (Instant since :
          List.of(
              Instant.EPOCH,
              Instant.MIN,
              Instant.MAX,
              Instant.parse("9999-12-31T23:59:59Z"),
              Instant.parse("-0001-01-01T00:00:00Z"))) {
        for (String text : List.of("", "Other", LONG)) {
          wrongs.add(
              new Wrong(
                  "condition " + status + " since " + since + " " + text,
                  n -> Plans.applied(n, condition(status, text, since))));
        }
      }
    }
    return wrongs;
  }

  private static List<Wrong> resources() {
    List<Wrong> wrongs = new ArrayList<>();
    for (String name : List.of(GOLD, "nodeqos.io/other-memory", "nodeqos.io/-cpu")) {
      for (String amount : List.of("0", "-1", "1", "1m", "9E", "1e99", "-1e99", "1e-99")) {
        wrongs.add(
            new Wrong(
                name + " is " + amount,
                n ->
                    Plans.applied(
                        n,
                        new StatusChange(
                            Optional.empty(), Map.of(name, Quantity.parse(amount)), Set.of()))));
      }
    }
    return wrongs;
  }

  private static List<Wrong> taints() {
    return List.of(
        new Wrong("taint", n -> Plans.tainted(n, Taint.of(Keys.STARTUP_TAINT, "NoSchedule"))),
        new Wrong("no effect", n -> Plans.tainted(n, Taint.of(Keys.STARTUP_TAINT, ""))),
        new Wrong("NoExecute", n -> Plans.tainted(n, Taint.of(Keys.STARTUP_TAINT, "NoExecute"))),
        new Wrong("bad effect", n -> Plans.tainted(n, Taint.of(Keys.STARTUP_TAINT, "Bad"))),
        new Wrong(
            "no taint",
            n -> new NodeView(n.meta(), n.labels(), n.annotations(), List.of(), n.status())));
  }

  @ParameterizedTest
  @MethodSource("wrongs")
  void waitingNodeWithAWrongValueIsRepaired(Wrong wrong) {
    assertMended(wrong, settled(true, false, named("")), named(""));
    assertMended(wrong, settled(false, false, named("")), named(""));
  }

  @ParameterizedTest
  @MethodSource("wrongs")
  void warmNodeWithAWrongValueIsRepaired(Wrong wrong) {
    assertMended(wrong, settled(true, true, named("")), named(""));
  }

  @ParameterizedTest
  @MethodSource("wrongs")
  void wrongValueOnAnUnmanagedNodeCausesNoWriteLoop(Wrong wrong) {
    NodeView warm = settled(true, true, named(", 'deletionPolicy': 'Remove'"));
    PolicyObject leaving =
        PolicyFixture.deleting(named(", 'deletionPolicy': 'Remove'"), Keys.FINALIZER);
    assertNoWriteLoop(wrong, warm, leaving);
    assertNoWriteLoop(wrong, warm);
    assertNoWriteLoop(wrong, node("n").build());
  }

  /** A node that carries all it should: warm, or waiting to be Ready. */
  private NodeView settled(boolean isNew, boolean ready, PolicyObject policy) {
    TestProcess leader = TestProcess.leader(api, time, policy);
    api.put(
        node("n")
            .created(isNew ? time.instant().minusSeconds(1) : PolicyFixture.CREATED.minusSeconds(1))
            .condition("Ready", ready ? "True" : "False")
            .annotation(Keys.APPLIED_VERSION, version(policy))
            .build());
    settle(leader);
    NodeView settled = api.node("n");
    assertEquals(ready, settled.labels().containsKey(Keys.WARMED_UP), "the test itself");
    api.writes().clear();
    return settled;
  }

  private void assertMended(Wrong wrong, NodeView before, PolicyObject policy) {
    api.put(before);
    api.writes().clear();
    TestProcess leader = TestProcess.leader(api, time, policy);
    settle(leader);
    api.change("n", wrong.by());
    settle(leader);
    NodeView after = api.node("n");
    assertTrue(api.writes().size() <= 8, () -> api.writes().size() + " writes");
    // It may be what an agent has applied: that is theirs to say.
    if (!wrong.what().startsWith(Keys.APPLIED_VERSION)) {
      assertEquals(
          before.labels().get(Keys.WARMED_UP), after.labels().get(Keys.WARMED_UP), "the mark");
      assertEquals(said(before), said(after));
    }
    assertEquals(before.annotations().get(Keys.CONFIG), after.annotations().get(Keys.CONFIG));
    assertEquals(before.labels().get(Keys.CONFIG_VERSION), version(after));
    assertEquals(before.labels().get(Keys.IMAGES), after.labels().get(Keys.IMAGES));
    assertEquals(before.status().capacity(), after.status().capacity());
    assertEquals(before.status().allocatable(), after.status().allocatable());
    Instant start = WarmUpStart.of(after, PolicyFixture.CREATED, time.instant()).at();
    assertFalse(start.isAfter(time.instant()), "a warm-up begins at " + start);
  }

  private void assertNoWriteLoop(Wrong wrong, NodeView before, PolicyObject... policies) {
    api.put(before);
    api.change("n", wrong.by());
    api.writes().clear();
    settle(TestProcess.leader(api, time, policies));
    assertTrue(api.writes().size() <= 4, () -> api.writes().size() + " writes");
  }

  /** Until nothing is written any more, for longer than any pause. */
  private void settle(TestProcess leader) {
    for (int i = 0; i < 12; i++) {
      leader.reconcileFresh("n");
      time.advance(Duration.ofSeconds(i < 6 ? 6 : 60));
    }
  }

  private static String said(NodeView node) {
    NodeCondition c = node.condition(Keys.WARMED_UP_CONDITION).orElseThrow();
    return c.status() + " " + c.reason() + " " + c.message();
  }

  private static String version(NodeView node) {
    return node.labels().get(Keys.CONFIG_VERSION);
  }

  private static String version(PolicyObject policy) {
    return PolicyFixture.catalog(policy).snapshot().compile(node("n").build()).version();
  }

  private static PolicyObject named(String more) {
    PolicyObject p = policy("p", SPEC.formatted(more));
    return new PolicyObject(
        new PolicyObject.Meta(
            "p", "uid-p", "10", 1, PolicyFixture.CREATED, false, List.of(Keys.FINALIZER)),
        p.spec(),
        p.status());
  }

  private static Wrong label(String key, String value) {
    return new Wrong(
        key + "=" + value,
        n ->
            Plans.applied(
                n,
                new MetadataChange(
                    Map.of(key, value), Set.of(), Map.of(), Set.of(), Optional.empty())));
  }

  private static Wrong annotation(String key, String value) {
    return new Wrong(
        key + "=" + value,
        n ->
            Plans.applied(
                n,
                new MetadataChange(
                    Map.of(), Set.of(), Map.of(key, value), Set.of(), Optional.empty())));
  }

  private static StatusChange condition(String status, String text, Instant since) {
    return new StatusChange(
        Optional.of(new NodeCondition(Keys.WARMED_UP_CONDITION, status, text, text, since)),
        Map.of(),
        Set.of());
  }

  private static NodeView withoutCondition(NodeView node) {
    NodeView.Status s = node.status();
    Map<String, NodeCondition> conditions = new HashMap<>(s.conditions());
    conditions.remove(Keys.WARMED_UP_CONDITION);
    return new NodeView(
        node.meta(),
        node.labels(),
        node.annotations(),
        node.taints(),
        new NodeView.Status(
            s.capacity(), s.allocatable(), conditions, s.images(), s.bootId(), s.software()));
  }
}
