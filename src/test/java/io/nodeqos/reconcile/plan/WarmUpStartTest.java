// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WarmUpStartTest {
  private static final Instant POLICY = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant CREATED = POLICY.plusSeconds(1);
  private static final Instant NOW = CREATED.plusSeconds(100);

  @Test
  void newNodeStartsWithItsCreationDespiteConditionChanges() {
    NodeFixture node = node("n").created(CREATED);
    assertStart(CREATED, false, node.build(), NOW);
    assertStart(CREATED, false, waiting(node, "Unknown", CREATED.plusSeconds(3)), NOW);
    assertStart(CREATED, false, waiting(node, "False", NOW), NOW.plusSeconds(1_000_000));
  }

  @Test
  void creationInTheFutureIsNoStart() {
    Instant behind = CREATED.minusMillis(500);
    assertStart(behind, false, node("n").created(CREATED).build(), behind);
  }

  @Test
  void nodeSeenLateOrOlderThanThePolicyStartsNow() {
    Instant late = CREATED.plusSeconds(601);
    assertStart(late, true, node("n").created(CREATED).build(), late);
    assertStart(NOW, true, node("n").created(POLICY.minusSeconds(1)).build(), NOW);
    assertStart(NOW, true, node("n").created(POLICY).build(), NOW);
  }

  @Test
  void annotationOfTheNodeIsTheStartForEveryReplica() {
    NodeView reported =
        waiting(
            node("n").created(CREATED).annotation(Keys.WARMING_UP_SINCE, NOW.toString()),
            "Unknown",
            NOW.plusSeconds(77));
    assertStart(NOW, false, reported, NOW.plusSeconds(1000));
  }

  @Test
  void warmUpAfterAnEndedOneStartsNow() {
    NodeFixture rebooted =
        Plans.warm("n")
            .created(CREATED)
            .boot("boot-2")
            .annotation(Keys.WARMING_UP_SINCE, CREATED.toString());
    assertStart(NOW, true, rebooted.build(), NOW);
    assertStart(NOW, true, Plans.warm("n").created(CREATED).build(), NOW);
  }

  @Test
  void startStaysBetweenThePatchOfTheMarkAndThatOfTheCondition() {
    NodeView halfWritten =
        node("n")
            .created(CREATED)
            .annotation(Keys.WARMING_UP_SINCE, NOW.toString())
            .condition(condition("True", CREATED))
            .build();
    assertStart(NOW, false, halfWritten, NOW.plusSeconds(5));
  }

  @Test
  void foreignOrMalformedAnnotationIsIgnored() {
    for (String other : new String[] {CREATED.minusSeconds(1).toString(), "yesterday", ""}) {
      NodeFixture old = node("n").created(CREATED).annotation(Keys.WARMING_UP_SINCE, other);
      assertStart(CREATED, false, old.build(), NOW);
    }
  }

  @Test
  void olderNodeWithoutTheAnnotationStartsWithItsCondition() {
    Instant since = NOW.minusSeconds(50);
    assertStart(
        since, true, waiting(node("n").created(POLICY.minusSeconds(9)), "False", since), NOW);
  }

  @Test
  void startIsRecordedInAnotherPatchAndReadBack() {
    NodeView old = node("n").created(POLICY.minusSeconds(1)).build();
    WarmUpStart start = WarmUpStart.of(old, POLICY, NOW.plusNanos(1_234_567));
    MetadataChange change = start.recordIn(MetadataChange.NONE, old);
    assertEquals(
        Map.of(Keys.WARMING_UP_SINCE, "2026-03-01T00:01:41.001Z"), change.setAnnotations());
    assertEquals(
        new WarmUpStart(start.at(), false),
        WarmUpStart.of(Plans.applied(old, change), POLICY, NOW.plusSeconds(9)));
    NodeView fresh = node("n").created(CREATED).build();
    assertEquals(
        MetadataChange.NONE,
        WarmUpStart.of(fresh, POLICY, NOW).recordIn(MetadataChange.NONE, fresh),
        "a new node costs no write for it");
  }

  @Test
  void firstSightIsTheStartWhenTheApiServerClockIsAhead() {
    NodeView node = node("n").uid("u").created(NOW.plusSeconds(3600)).build();
    assertStart(NOW, true, node, NOW);
    MetadataChange kept = WarmUpStart.of(node, POLICY, NOW).recordIn(MetadataChange.NONE, node);
    assertEquals(Map.of(Keys.WARMING_UP_SINCE, "2026-03-01T00:01:41Z/u"), kept.setAnnotations());
    NodeView reported = Plans.applied(node, kept);
    for (int later : new int[] {1, 3599, 3600, 3601, 86_400}) {
      assertStart(NOW, false, reported, NOW.plusSeconds(later));
    }
    NodeView said = waiting(node("n").uid("u").created(NOW.plusSeconds(3600)), "False", NOW);
    assertStart(NOW, true, said, NOW.plusSeconds(60));
  }

  @Test
  void clocksThatDifferBySecondsCostNoWrite() {
    for (int ahead : new int[] {0, 1, 5}) {
      NodeView node = node("n").created(NOW.plusSeconds(ahead)).build();
      assertStart(NOW, false, node, NOW);
      assertStart(NOW.plusSeconds(ahead), false, node, NOW.plusSeconds(60));
    }
    assertStart(NOW, true, node("n").created(NOW.plusSeconds(6)).build(), NOW);
  }

  @Test
  void annotationWithAForeignUidIsIgnored() {
    NodeView again =
        node("n")
            .uid("u-2")
            .created(CREATED)
            .annotation(Keys.WARMING_UP_SINCE, CREATED.minusSeconds(9) + "/u-1")
            .build();
    assertStart(CREATED, false, again, NOW);
  }

  /** Another writer has set it, or a clock was wrong. */
  @Test
  void timeThatCannotBeTrueIsNoStart() {
    NodeFixture old = node("n").created(POLICY.minusSeconds(9));
    for (Instant wrong : new Instant[] {NOW.plusMillis(60_001), Instant.EPOCH.minusMillis(1)}) {
      assertStart(NOW, true, since(wrong), NOW);
      assertStart(NOW, true, waiting(old, "False", wrong), NOW);
    }
    for (Instant right : new Instant[] {NOW.plusSeconds(60), Instant.EPOCH}) {
      assertStart(right, false, since(right), NOW);
    }
  }

  private static NodeView since(Instant at) {
    return node("n")
        .created(POLICY.minusSeconds(9))
        .annotation(Keys.WARMING_UP_SINCE, at + "/uid-1")
        .build();
  }

  private static NodeCondition condition(String status, Instant since) {
    return new NodeCondition(Keys.WARMED_UP_CONDITION, status, "Any", "", since);
  }

  private static NodeView waiting(NodeFixture node, String status, Instant since) {
    return node.condition(condition(status, since)).build();
  }

  private static void assertStart(Instant at, boolean isUnrecorded, NodeView node, Instant now) {
    assertEquals(new WarmUpStart(at, isUnrecorded), WarmUpStart.of(node, POLICY, now));
  }
}
