// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Taint;
import io.nodeqos.policy.PolicyRemovals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Startup taints on one node that no policy will remove. They are reported and never removed: the
 * absence of a policy is no reason to act.
 *
 * @param taints {@code key:effect} each
 * @param since when this process first saw exactly these
 * @param reported the grace period is over and the taints have been reported
 */
public record OrphanTaints(List<String> taints, Instant since, boolean reported) {
  public static final OrphanTaints NONE = new OrphanTaints(List.of(), Instant.EPOCH, false);

  /**
   * The orphan taints of the node: under the prefix of this controller, or of a policy in force,
   * with the effect that this controller sets, and without the taints that are to be removed.
   *
   * @param going keys of the taints that a policy removes, now or when the node is warm
   */
  static List<String> on(NodeView node, PolicyRemovals removals, Set<String> going) {
    return node.taints().stream()
        .filter(t -> t.effect().equals(Keys.STARTUP_TAINT_EFFECT))
        .filter(t -> isOurs(t, removals))
        .filter(t -> !going.contains(t.key()))
        .map(t -> t.key() + ":" + t.effect())
        .toList();
  }

  private static boolean isOurs(Taint taint, PolicyRemovals removals) {
    return taint.key().startsWith(Keys.PREFIX) || removals.taintKeys().contains(taint.key());
  }

  public OrphanTaints next(List<String> found, Instant now) {
    return found.equals(taints) ? this : new OrphanTaints(found, now, false);
  }

  public OrphanTaints asTold() {
    return new OrphanTaints(taints, since, true);
  }

  /** When the report is due; empty when there is nothing to report (any more). */
  public Optional<Instant> due(Duration grace) {
    return taints.isEmpty() || reported ? Optional.empty() : Optional.of(since.plus(grace));
  }
}
