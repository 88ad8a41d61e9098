// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarmUpMarkTest {
  /** The node is uid-1, and has the boot id of the second column. */
  @ParameterizedTest(name = "label {0}, boot {1}, marked for {2}: {3}")
  @CsvSource({
    "-,      boot-1, uid-1/boot-1, ABSENT",
    "false,  boot-1, uid-1/boot-1, VOID",
    "'',     boot-1, uid-1/boot-1, VOID",
    "true,   boot-1, uid-1/boot-1, VALID",
    "true,   boot-2, uid-1/boot-1, VOID",
    "true,   boot-1, uid-2/boot-1, VOID",
    "true,   '',     uid-2/'',     VOID",
    "true,   boot-1, -,            VOID",
    "true,   boot-1, '',           VOID",
    "true,   boot-1, uid-1,        VOID",
    // An empty boot id, then or now, is no evidence of a reboot.
    "true,   '',     uid-1/boot-1, VALID",
    "true,   boot-1, uid-1/,       VALID",
  })
  void stateOfTheMarkFollowsItsEvidence(
      String label, String bootId, String markedFor, WarmUpMark.State expected) {
    NodeFixture node = NodeFixture.node("n").boot(bootId);
    if (!label.equals("-")) {
      node.label(Keys.WARMED_UP, label);
    }
    if (!markedFor.equals("-")) {
      node.annotation(Keys.WARMED_UP_FOR, markedFor);
    }
    assertEquals(expected, WarmUpMark.of(node.build()).state());
  }

  @Test
  void newMarkIsValid() {
    for (String bootId : new String[] {"boot-9", ""}) {
      NodeView node = NodeFixture.node("n").uid("u").boot(bootId).build();
      NodeView marked = Plans.applied(node, WarmUpMark.on(node, Instant.EPOCH));
      assertEquals(WarmUpMark.State.VALID, WarmUpMark.of(marked).state());
    }
  }

  @Test
  void voidMarkIsRemovedWithItsEvidence() {
    NodeView copy = NodeFixture.node("n").label(Keys.WARMED_UP, "true").build();
    MetadataChange change = WarmUpMark.of(copy).voided(copy);
    assertEquals(Set.of(Keys.WARMED_UP), change.removeLabels());
    assertEquals(Set.of(), change.removeAnnotations(), "there is none to remove");
    NodeView rebooted = Plans.warm("n").boot("boot-2").build();
    assertEquals(
        Set.of(Keys.WARMED_UP_FOR, Keys.WARMED_UP_AT),
        WarmUpMark.of(rebooted).voided(rebooted).removeAnnotations());
    NodeView warm = Plans.warm("n").build();
    assertEquals(MetadataChange.NONE, WarmUpMark.of(warm).voided(warm));
  }

  @Test
  void labelWithAnotherValueIsRemovedAlone() {
    NodeView other = Plans.warm("n").label(Keys.WARMED_UP, "false").build();
    MetadataChange change = WarmUpMark.of(other).voided(other);
    assertEquals(Set.of(Keys.WARMED_UP), change.removeLabels());
    assertEquals(Set.of(), change.removeAnnotations(), "the node was warm in this boot");
  }
}
