// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Taint;
import io.nodeqos.reconcile.FakeNodeWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rules for every single write to a Node, whatever its cause. A key that is written and not known
 * as one of our own would pass for a cause from outside: damping would not see the fight.
 */
public final class WriteRules {
  private WriteRules() {}

  public static void check(FakeNodeWriter.Write write) {
    NodeView before = write.before();
    NodeView after = write.after();
    assertTrue(
        before.hasCapacity() || withoutCondition(before).equals(withoutCondition(after)),
        "written before the node reported capacity: " + write);
    assertFalse(before.meta().deleting(), "written although it is being deleted: " + write);
    assertNotEquals(withoutEpoch(before), withoutEpoch(after), "a write that changes nothing");
    onlyOurs(before, after);
    markAndTaint(before, after);
    startStays(before, after);
  }

  /** Timeouts count from one moment, under any leader and with any change of the condition. */
  private static void startStays(NodeView before, NodeView after) {
    String reported = before.annotations().get(Keys.WARMING_UP_SINCE);
    if (reported != null && !isMarked(before)) {
      assertEquals(
          isMarked(after) ? null : reported,
          after.annotations().get(Keys.WARMING_UP_SINCE),
          "the start of the warm-up");
    }
  }

  public static void onlyOurs(NodeView before, NodeView after) {
    assertEquals(
        without(Keys.OWN_LABELS, before.labels()),
        without(Keys.OWN_LABELS, after.labels()),
        "labels");
    assertEquals(
        without(Keys.OWN_ANNOTATIONS, before.annotations()),
        without(Keys.OWN_ANNOTATIONS, after.annotations()),
        "annotations");
    assertEquals(foreignTaints(before), foreignTaints(after), "taints of others, in their order");
    assertEquals(
        foreignResources(before.status().capacity()),
        foreignResources(after.status().capacity()),
        "capacity");
    assertEquals(
        foreignResources(before.status().allocatable()),
        foreignResources(after.status().allocatable()),
        "allocatable");
    assertEquals(
        without(Set.of(Keys.WARMED_UP_CONDITION), before.status().conditions()),
        without(Set.of(Keys.WARMED_UP_CONDITION), after.status().conditions()),
        "conditions");
  }

  private static void markAndTaint(NodeView before, NodeView after) {
    boolean changed = isMarked(before) != isMarked(after) || isTainted(before) != isTainted(after);
    if (changed) {
      assertFalse(isMarked(after) && isTainted(after), "marked and tainted after a write of ours");
    }
    if (isTainted(before) && !isTainted(after)) {
      assertTrue(isMarked(after), "the taint was removed without the mark");
      assertEquals(
          WarmUpMark.State.VALID, WarmUpMark.of(after).state(), "a mark without its evidence");
    }
    boolean gateLost = isMarked(before) && !isMarked(after) && isTainted(after);
    if (!isTainted(before) && isTainted(after) && !gateLost) {
      assertTrue(
          before.meta().createdAt().isAfter(PolicyFixture.CREATED),
          "an older untainted node was tainted");
    }
    if (gateLost && WarmUpMark.of(before).state() == WarmUpMark.State.VALID) {
      assertTrue(WarmUpMark.isLostBy(after), "a mark was lost without a trace for the next leader");
    } else if (isMarked(before) && !isMarked(after)) {
      assertEquals(
          WarmUpMark.State.VOID, WarmUpMark.of(before).state(), "a valid mark was removed");
    }
  }

  public static boolean isMarked(NodeView node) {
    return node.labels().containsKey(Keys.WARMED_UP);
  }

  public static boolean isTainted(NodeView node) {
    return node.taints().stream().anyMatch(t -> t.key().equals(Keys.STARTUP_TAINT));
  }

  private static List<Taint> foreignTaints(NodeView node) {
    return node.taints().stream().filter(t -> !t.key().equals(Keys.STARTUP_TAINT)).toList();
  }

  private static <V> Map<String, V> foreignResources(Map<String, V> resources) {
    Map<String, V> foreign = new HashMap<>(resources);
    foreign.keySet().removeIf(Keys::isOwnResource);
    return foreign;
  }

  private static <V> Map<String, V> without(Set<String> keys, Map<String, V> map) {
    Map<String, V> rest = new HashMap<>(map);
    rest.keySet().removeAll(keys);
    return rest;
  }

  /** The fields that a node without capacity keeps. */
  private static NodeView withoutCondition(NodeView node) {
    NodeView.Status s = node.status();
    return Plans.versioned(
        new NodeView(
            node.meta(),
            node.labels(),
            node.annotations(),
            node.taints(),
            new NodeView.Status(
                s.capacity(),
                s.allocatable(),
                without(Set.of(Keys.WARMED_UP_CONDITION), s.conditions()),
                s.images(),
                s.bootId(),
                s.software())),
        "");
  }

  private static NodeView withoutEpoch(NodeView node) {
    return Plans.versioned(
        new NodeView(
            node.meta(),
            node.labels(),
            without(Set.of(Keys.LEADER_EPOCH), node.annotations()),
            node.taints(),
            node.status()),
        "");
  }
}
