// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The marks of this controller on a Node from which the history finds transitions.
 *
 * @param markedFor value of {@link Keys#WARMED_UP_FOR}, empty while the node has no mark
 * @param markedAt value of {@link Keys#WARMED_UP_AT}, empty likewise
 * @param status status of the condition, empty without one
 * @param since when the condition came into that status
 * @param lastDone {@link #markedFor} and {@link #markedAt} of the last recorded warm-up
 */
record NodeMarks(
    String node,
    String uid,
    String configVersion,
    String markedFor,
    String markedAt,
    String status,
    String reason,
    Instant since,
    String lastDone) {

  static NodeMarks of(NodeView node) {
    Optional<NodeCondition> condition = node.condition(Keys.WARMED_UP_CONDITION);
    boolean marked = isMarked(node);
    return new NodeMarks(
        node.name(),
        node.meta().uid(),
        node.labels().getOrDefault(Keys.CONFIG_VERSION, ""),
        marked ? node.annotations().getOrDefault(Keys.WARMED_UP_FOR, "") : "",
        marked ? node.annotations().getOrDefault(Keys.WARMED_UP_AT, "") : "",
        condition.map(NodeCondition::status).orElse(""),
        condition.map(NodeCondition::reason).orElse(""),
        condition.map(NodeCondition::lastTransitionTime).orElse(Instant.EPOCH),
        "");
  }

  /** A cheap check whether a change of a node may concern its marks. */
  static boolean differ(NodeView a, NodeView b) {
    return !same(a.labels().get(Keys.CONFIG_VERSION), b.labels().get(Keys.CONFIG_VERSION))
        || !same(a.labels().get(Keys.WARMED_UP), b.labels().get(Keys.WARMED_UP))
        || !same(a.annotations().get(Keys.WARMED_UP_FOR), b.annotations().get(Keys.WARMED_UP_FOR))
        || !same(a.annotations().get(Keys.WARMED_UP_AT), b.annotations().get(Keys.WARMED_UP_AT))
        || !a.condition(Keys.WARMED_UP_CONDITION).equals(b.condition(Keys.WARMED_UP_CONDITION))
        || !same(a.meta().uid(), b.meta().uid());
  }

  private static boolean same(String a, String b) {
    return Objects.equals(a, b);
  }

  private static boolean isMarked(NodeView node) {
    return "true".equals(node.labels().get(Keys.WARMED_UP));
  }

  boolean hasConfig() {
    return !configVersion.isEmpty();
  }

  boolean isMarked() {
    return !markedFor.isEmpty();
  }

  /**
   * Marked for its present incarnation, with a True condition: the second of the two writes is
   * done.
   */
  boolean isWarm() {
    return markedFor.startsWith(uid + "/") && NodeCondition.TRUE.equals(status);
  }

  boolean isWaiting() {
    return !status.isEmpty() && !NodeCondition.TRUE.equals(status);
  }

  /** Identifies one finished warm-up. */
  String done() {
    return markedFor + " " + markedAt;
  }

  NodeMarks withLastDone(String done) {
    return new NodeMarks(
        node, uid, configVersion, markedFor, markedAt, status, reason, since, done);
  }
}
