// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.node.value.Taint;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One hash of all inputs of a decision about a node that this controller does not write itself,
 * except the time. While it stays the same, no outside change requires another write.
 */
public final class Cause {
  private Cause() {}

  /**
   * @param policies number of the snapshot of the policies in force
   * @param turn until when the node may pull images if other nodes wait
   */
  public static int of(
      NodeView node, ReservedState reserved, long policies, Optional<Instant> turn) {
    NodeView.Status status = node.status();
    return Objects.hash(
        node.meta().uid(),
        node.meta().deleting(),
        hash(node.labels(), Keys.OWN_LABELS::contains),
        hash(node.annotations(), Keys.OWN_ANNOTATIONS::contains),
        node.taints().stream().filter(t -> !mayBeOurs(t)).toList(),
        hash(status.capacity(), Keys::isOwnResource),
        hash(status.allocatable(), Keys::isOwnResource),
        hash(status.conditions(), Keys.WARMED_UP_CONDITION::equals),
        status.images(),
        status.bootId(),
        status.kubeletVersion(),
        hash(reserved.namespaces()),
        reserved.csiDrivers(),
        reserved.pulls(),
        policies,
        turn);
  }

  /** Keys that a policy may name. */
  private static boolean mayBeOurs(Taint taint) {
    return taint.key().startsWith(Keys.PREFIX)
        || taint.key().startsWith(Keys.AUTOSCALER_STARTUP_TAINT_PREFIX);
  }

  private static int hash(Map<String, ?> all, Predicate<String> isOurs) {
    return all.entrySet().stream()
        .filter(e -> !isOurs.test(e.getKey()))
        .mapToInt(Map.Entry::hashCode)
        .sum();
  }

  private static int hash(Map<String, NamespaceState> namespaces) {
    return namespaces.entrySet().stream()
        .mapToInt(e -> Objects.hash(e.getKey(), hash(e.getValue())))
        .sum();
  }

  private static int hash(NamespaceState namespace) {
    return Objects.hash(
        namespace.readable(),
        namespace.daemonSets(),
        namespace.pods().stream().mapToInt(Cause::hash).sum());
  }

  /** A new version of a pod alone is no change. */
  private static int hash(PodView pod) {
    return Objects.hash(
        pod.meta().uid(),
        pod.ownerUid(),
        pod.labels(),
        pod.state(),
        pod.requests(),
        pod.tolerations(),
        pod.images());
  }
}
