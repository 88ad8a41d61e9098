// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.nodeqos.fixture.NodeFixture;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which boot a node is in, and whether an earlier one is known. */
class NodeBootTest {
  private static final Instant REPORTED = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant SEEN = REPORTED.plusSeconds(1);
  private static final Instant LATER = SEEN.plusSeconds(60);

  /** A bootID that is not reported is no evidence of another boot. */
  @ParameterizedTest(name = "{0} and {1}/{2}: same boot {3}, same node {4}")
  @CsvSource({
    "u1/b1, u1, b1, true,  true",
    "u1/b1, u1, b2, false, true",
    "u1/b1, u1, '', true,  true",
    "u1/,   u1, b1, true,  true",
    "u1/,   u1, '', true,  true",
    "u1/b1, u2, b1, false, false",
    "u1/,   u2, b1, false, false",
    "u1/b1, u2, '', false, false",
    "u1,    u1, b1, false, false",
    "'',    u1, b1, false, false",
  })
  void bootIsThatOfTheUidAndTheBootId(
      String incarnation, String uid, String bootId, boolean sameBoot, boolean sameNode) {
    NodeBoot boot = new NodeBoot(incarnation, REPORTED, false, SEEN);
    NodeView node = node(uid, bootId).build();
    assertEquals(sameBoot, boot.isOf(node));
    assertEquals(sameNode, boot.isOfSameNode(node));
  }

  @Test
  void bootIdCanBecomeKnownLaterAndStaysKnown() {
    NodeBoot unknown = new NodeBoot("u/", REPORTED, false, SEEN);
    NodeBoot known = unknown.next(node("u", "b").build(), LATER);
    assertEquals(new NodeBoot("u/b", REPORTED, false, SEEN), known);
    assertSame(known, known.next(node("u", "").build(), LATER));
    assertSame(known, known.next(node("u", "b").build(), LATER));
  }

  @Test
  void earliestReportOfTheBootCounts() {
    NodeBoot boot = new NodeBoot("u/b", REPORTED, false, SEEN);
    NodeView earlier = node("u", "b").reportedAt(REPORTED.minusSeconds(5)).build();
    assertEquals(REPORTED.minusSeconds(5), boot.next(earlier, LATER).reportedAt());
    NodeView later = node("u", "b").reportedAt(REPORTED.plusSeconds(5)).build();
    assertSame(boot, boot.next(later, LATER));
    NodeView recorded =
        node("u", "b")
            .annotation(Keys.WARMING_UP_FOR, "u/b@" + REPORTED.minusSeconds(9))
            .reportedAt(REPORTED)
            .build();
    NodeBoot next = boot.next(recorded, LATER);
    assertEquals(new NodeBoot("u/b", REPORTED.minusSeconds(9), true, SEEN), next);
  }

  @Test
  void firstBootHasNoPredecessorUnlessTheNodeSaysSo() {
    assertEquals(
        new NodeBoot("u/b", REPORTED, false, LATER),
        NodeBoot.NONE.next(node("u", "b").build(), LATER));
    NodeFixture before = node("u", "b2").annotation(Keys.WARMING_UP_FOR, "u/b1");
    assertEquals(true, NodeBoot.NONE.next(before.build(), LATER).succeeds());
    NodeFixture warmBefore = node("u", "b2").annotation(Keys.WARMED_UP_FOR, "u/b1");
    assertEquals(true, NodeBoot.NONE.next(warmBefore.build(), LATER).succeeds());
    NodeFixture warm = node("u", "b2").annotation(Keys.WARMED_UP_FOR, "u/b2");
    assertEquals(false, NodeBoot.NONE.next(warm.build(), LATER).succeeds());
    NodeFixture first = node("u", "b").annotation(Keys.WARMING_UP_FOR, "u/b");
    assertEquals(false, NodeBoot.NONE.next(first.build(), LATER).succeeds());
  }

  @Test
  void bootAfterASeenOneHasAPredecessor() {
    NodeBoot boot = new NodeBoot("u/b1", REPORTED, false, SEEN);
    NodeView again = node("u", "b2").reportedAt(LATER).build();
    assertEquals(new NodeBoot("u/b2", LATER, true, LATER), boot.next(again, LATER));
  }

  @Test
  void textOfAnotherWriterIsAnotherBootAtAnUnknownTime() {
    NodeFixture node = node("u", "b").reportedAt(Instant.EPOCH);
    for (String text : new String[] {"nonsense", "u/b1@yesterday", "@", ""}) {
      assertEquals(
          new NodeBoot("u/b", Instant.EPOCH, true, LATER),
          NodeBoot.NONE.next(node.annotation(Keys.WARMING_UP_FOR, text).build(), LATER),
          text);
    }
    assertEquals(
        new NodeBoot("u/b", Instant.EPOCH, true, LATER),
        NodeBoot.NONE.next(node.annotation(Keys.WARMING_UP_FOR, "u/b@yesterday").build(), LATER));
  }

  @Test
  void bootAfterAnotherIsRecordedAtOnceAndAFirstOneWithAnotherChange() {
    NodeBoot first = new NodeBoot("u/b", REPORTED, false, SEEN);
    NodeBoot second = new NodeBoot("u/b", REPORTED, true, SEEN);
    Optional<String> text = Optional.of("u/b@2026-03-01T00:00:00Z");
    NodeView none = node("u", "b").build();
    assertEquals(Optional.empty(), first.unrecordedOn(none, false));
    assertEquals(Optional.of("u/b"), first.unrecordedOn(none, true));
    assertEquals(text, second.unrecordedOn(none, false));
    assertEquals(text, second.unrecordedOn(none, true));

    NodeView asFirst = node("u", "b").annotation(Keys.WARMING_UP_FOR, "u/b").build();
    assertEquals(Optional.empty(), first.unrecordedOn(asFirst, true));
    assertEquals(Optional.empty(), second.unrecordedOn(asFirst, false));
    assertEquals(text, second.unrecordedOn(asFirst, true));

    NodeView asSecond = node("u", "b").annotation(Keys.WARMING_UP_FOR, text.get()).build();
    assertEquals(Optional.empty(), second.unrecordedOn(asSecond, true));
    NodeView other = node("u", "b").annotation(Keys.WARMING_UP_FOR, "u/b0").build();
    assertEquals(text, second.unrecordedOn(other, false));
  }

  @Test
  void nodeThatWasWarmOrHasNoBootIdIsNotRecorded() {
    NodeBoot second = new NodeBoot("u/b", REPORTED, true, SEEN);
    NodeView warm = node("u", "b").annotation(Keys.WARMED_UP_FOR, "u/b").build();
    assertEquals(Optional.empty(), second.unrecordedOn(warm, true));
    assertEquals(Optional.empty(), second.unrecordedOn(node("u", "").build(), true));
  }

  private static NodeFixture node(String uid, String bootId) {
    return NodeFixture.node("n").uid(uid).boot(bootId).reportedAt(REPORTED);
  }
}
