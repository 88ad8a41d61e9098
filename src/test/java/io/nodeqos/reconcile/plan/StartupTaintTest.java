// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Taint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StartupTaintTest {
  private static final String KEY = Keys.STARTUP_TAINT;
  private static final Taint NOW = Taint.of(KEY, "NoSchedule");
  private static final Taint OTHER = Taint.of("example.com/other", "NoExecute");
  private static final StartupTaint TAINT = new StartupTaint(KEY, Set.of("nodeqos.io/former"));

  @Test
  void taintIsPutBehindTheOthersInPlaceOfFormerOnes() {
    assertEquals(Optional.of(List.of(NOW)), TAINT.putOn(node("n").build()));
    assertEquals(
        Optional.of(List.of(OTHER, NOW)),
        TAINT.putOn(node("n").taint("nodeqos.io/former").taint(OTHER).build()));
    assertEquals(
        Optional.of(List.of(OTHER, NOW)),
        TAINT.putOn(node("n").taint(OTHER).taint(KEY).taint("nodeqos.io/former").build()),
        "it is not put on twice");
    assertEquals(Optional.empty(), TAINT.putOn(node("n").taint(KEY).build()));
  }

  @Test
  void taintOfAnyEffectIsTheSame() {
    NodeView node = node("n").taint(Taint.of(KEY, "NoExecute")).build();
    assertTrue(TAINT.isOn(node));
    assertEquals(Optional.empty(), TAINT.putOn(node));
    assertEquals(Optional.of(List.of()), TAINT.takenOff(node));
  }

  @Test
  void taintThatOnlyAdvisesAgainstTheNodeIsReplaced() {
    Taint advice = Taint.of(KEY, "PreferNoSchedule");
    NodeView node = node("n").taint(advice).taint(OTHER).build();
    assertTrue(TAINT.isOn(node));
    assertEquals(Optional.of(List.of(OTHER, NOW)), TAINT.putOn(node));
    assertEquals(Optional.of(List.of(OTHER)), TAINT.takenOff(node));
    assertEquals(Optional.empty(), TAINT.putOn(node("n").taint(advice).taint(NOW).build()));
  }

  @Test
  void formerTaintIsReplacedOnly() {
    NodeView former = node("n").taint("nodeqos.io/former").build();
    assertEquals(Optional.of(List.of(NOW)), TAINT.inPlaceOfFormer(former));
    assertEquals(List.of(NOW), TAINT.replacedOn(former).taints());
    NodeView none = node("n").taint(OTHER).build();
    assertEquals(Optional.empty(), TAINT.inPlaceOfFormer(none));
    assertEquals(none, TAINT.replacedOn(none));
  }

  @Test
  void taintGoesWithFormerOnes() {
    NodeView both = node("n").taint(KEY).taint(OTHER).taint("nodeqos.io/former").build();
    assertEquals(Optional.of(List.of(OTHER)), TAINT.takenOff(both));
    NodeView none = node("n").taint(OTHER).build();
    assertFalse(TAINT.isOn(none));
    assertEquals(Optional.empty(), TAINT.takenOff(none));
  }
}
