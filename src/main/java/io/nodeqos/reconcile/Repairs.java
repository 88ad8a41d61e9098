// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.MetadataChange;
import io.nodeqos.node.NodePlan;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.StatusChange;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps repairs from becoming a fight. A write of what was last written, to the letter, means that
 * somebody else has undone it: the first time it is put right at once, then after a pause that
 * doubles, until nobody has undone anything for a while. What is new is never held up.
 *
 * <p>Thread-safe for different nodes; a single node is asked about by one thread at a time.
 */
final class Repairs {
  private static final Logger LOG = LoggerFactory.getLogger(Repairs.class);

  static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /** Longer than the longest pause, or the pause itself would pass for calm. */
  static final Duration CALM = Duration.ofMinutes(10);

  private static final int A_FIGHT = 3;
  private static final int MOST_DOUBLINGS = 10;

  private final Map<String, History> nodes = new ConcurrentHashMap<>();

  /**
   * What was written to one node.
   *
   * @param last for each thing a hash of its last value; should two be alike, a write is late, not
   *     lost
   * @param repairs how many in a row
   */
  private record History(String uid, Map<String, Integer> last, int repairs, long repairedNanos) {
    static History of(String uid) {
      return new History(uid, Map.of(), 0, 0);
    }

    boolean isRepeatedBy(Map<String, Integer> things) {
      return !things.isEmpty() && last.entrySet().containsAll(things.entrySet());
    }

    /** Since the last one it may have been calm. */
    int repairsAt(long nanos) {
      return nanos - repairedNanos >= CALM.toNanos() ? 0 : repairs;
    }
  }

  /** How long the plan has to wait; empty when it can be carried out now. */
  Optional<Duration> pause(NodeView.Meta node, NodePlan plan, long nanos) {
    History history = history(node);
    Map<String, Integer> things = things(plan.metadata());
    things.putAll(things(plan.status()));
    int repairs = history.repairsAt(nanos);
    if (repairs == 0 || !history.isRepeatedBy(things)) {
      return Optional.empty();
    }
    Duration left = pauseAfter(repairs).minusNanos(nanos - history.repairedNanos());
    return Optional.of(left).filter(l -> !l.isNegative() && !l.isZero());
  }

  private static Duration pauseAfter(int repairs) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(repairs - 1, MOST_DOUBLINGS));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  /** The first patch of the plan was written. */
  void metadataWritten(NodeView.Meta node, NodePlan plan, long nanos) {
    written(node, things(plan.metadata()), true, nanos);
  }

  /** The second patch was written; both together are one repair. */
  void statusWritten(NodeView.Meta node, NodePlan plan, long nanos) {
    written(node, things(plan.status()), plan.metadata().isEmpty(), nanos);
  }

  private void written(
      NodeView.Meta node, Map<String, Integer> things, boolean counts, long nanos) {
    History before = history(node);
    Map<String, Integer> last = new HashMap<>(before.last());
    last.putAll(things);
    boolean isRepair = counts && before.isRepeatedBy(things);
    int repairs = before.repairsAt(nanos) + (isRepair ? 1 : 0);
    nodes.put(
        node.name(),
        new History(
            node.uid(), Map.copyOf(last), repairs, isRepair ? nanos : before.repairedNanos()));
    if (isRepair && repairs == A_FIGHT) {
      LOG.warn(
          "somebody undoes again and again what node {} should carry: {}; it is put right more and"
              + " more seldom, at last every {} minutes",
          node.name(),
          things.keySet().stream().sorted().toList(),
          LONGEST_PAUSE.toMinutes());
    }
  }

  void forget(String node) {
    nodes.remove(node);
  }

  private History history(NodeView.Meta node) {
    History history = nodes.get(node.name());
    return history != null && history.uid().equals(node.uid()) ? history : History.of(node.uid());
  }

  private static Map<String, Integer> things(MetadataChange change) {
    Map<String, Integer> things = new HashMap<>();
    change.setLabels().forEach((key, value) -> things.put("label " + key, value.hashCode()));
    change.removeLabels().forEach(key -> things.put("label " + key, 0));
    change
        .setAnnotations()
        .forEach((key, value) -> things.put("annotation " + key, value.hashCode()));
    change.removeAnnotations().forEach(key -> things.put("annotation " + key, 0));
    change.taints().ifPresent(taints -> things.put("taints", taints.hashCode()));
    return things;
  }

  private static Map<String, Integer> things(StatusChange change) {
    Map<String, Integer> things = new HashMap<>();
    change.setResources().forEach((key, value) -> things.put("resource " + key, value.hashCode()));
    change.removeResources().forEach(key -> things.put("resource " + key, 0));
    // Its time is that of the write.
    change
        .condition()
        .ifPresent(
            c ->
                things.put(
                    "condition " + c.type(), (c.status() + c.reason() + c.message()).hashCode()));
    return things;
  }
}
