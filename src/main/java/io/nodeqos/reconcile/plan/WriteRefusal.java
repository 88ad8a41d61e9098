// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.Reason;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.reconcile.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A patch of a node that the API server refuses, for example because an admission webhook denies
 * it. The rest of the patch was not written either, and the condition of the node would stay
 * outdated: it reports the refusal instead.
 *
 * @param what the keys that the patch was to change, for the message
 * @param why the answer of the API server
 */
public record WriteRefusal(String what, WriteResult.Rejected why) {
  private static final String PREFIX = "The API server refuses to change ";

  /** Minimum time between two wordings of one refusal, while the blockers of the node change. */
  private static final Duration MIN_WORDING_AGE = Duration.ofSeconds(10);

  public static WriteRefusal of(MetadataChange change, WriteResult.Rejected why) {
    List<String> what = new ArrayList<>();
    add(what, "label", change.setLabels().keySet(), change.removeLabels());
    add(what, "annotation", change.setAnnotations().keySet(), change.removeAnnotations());
    change.taints().ifPresent(taints -> what.add("the taints"));
    return new WriteRefusal(String.join(", ", what), why);
  }

  public static WriteRefusal of(StatusChange change, WriteResult.Rejected why) {
    List<String> what = new ArrayList<>();
    add(what, "resource", change.setResources().keySet(), change.removeResources());
    return new WriteRefusal(String.join(", ", what), why);
  }

  private static void add(
      List<String> what, String noun, Collection<String> set, Collection<String> removed) {
    TreeSet<String> keys = new TreeSet<>(set);
    keys.addAll(removed);
    keys.forEach(key -> what.add(noun + " " + key));
  }

  /** The message of a condition without its refusal. */
  static String without(String message) {
    int begin = message.indexOf(PREFIX);
    return begin < 0 ? message : message.substring(0, begin).stripTrailing();
  }

  /**
   * The condition that replaces the planned one; empty for a node without a condition, or with a
   * condition that already reports the same. Refusals that differ only in numbers and ids are the
   * same; otherwise each try would write the condition.
   *
   * @param now by the clock of decisions
   * @param wall now, by the wall clock
   */
  public Optional<NodeCondition> condition(
      NodeView node, NodePlan plan, Optional<Instant> wordingSince, Instant now, Instant wall) {
    NodePhase phase = plan.summary().phase();
    if (phase != NodePhase.WARM && phase != NodePhase.WAITING) {
      return Optional.empty();
    }
    NodeCondition wanted =
        WarmedUpCondition.of(node)
            .with(status(node, plan), Reason.WRITE_REFUSED, message(plan), wall);
    Optional<NodeCondition> present = WarmedUpCondition.of(node).current();
    boolean isTold =
        present
            .filter(c -> c.reason().equals(wanted.reason()) && c.status().equals(wanted.status()))
            .filter(c -> isSame(c.message(), wanted.message()) || isRecent(wordingSince, now))
            .isPresent();
    return isTold ? Optional.empty() : Optional.of(wanted);
  }

  /** From the present state of the node: a refused mark is not there. */
  private static String status(NodeView node, NodePlan plan) {
    boolean stays =
        plan.summary().phase() == NodePhase.WARM
            && WarmUpMark.of(node).state() == WarmUpMark.State.VALID;
    if (stays) {
      return NodeCondition.TRUE;
    }
    return plan.status()
        .condition()
        .map(NodeCondition::status)
        .filter(status -> !status.equals(NodeCondition.TRUE))
        .orElse(NodeCondition.FALSE);
  }

  private String message(NodePlan plan) {
    return without(plan.summary().message()) + " " + PREFIX + what + ": " + why.why();
  }

  private static boolean isSame(String a, String b) {
    return WriteResult.Rejected.shape(a).equals(WriteResult.Rejected.shape(b));
  }

  private static boolean isRecent(Optional<Instant> wordingSince, Instant now) {
    return wordingSince.filter(since -> now.isBefore(since.plus(MIN_WORDING_AGE))).isPresent();
  }
}
