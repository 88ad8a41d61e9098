// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout.report;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.reconcile.ClusterListener;
import io.nodeqos.telemetry.tracing.RolloutTrace.NodeWrite;
import io.nodeqos.time.TimeSource;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * What the caches have shown of rollouts: the traced writes that gave nodes another revision, and
 * the starts of rollbacks. A standby sees them as well, so that a new leader knows those of the
 * leader before. Thread-safe. Holds at most one write for each node and policy.
 */
public final class RolloutSightings implements ClusterListener {
  private final String traceparentKey;
  private final TimeSource time;
  private final Map<String, Map<String, Write>> byPolicy = new ConcurrentHashMap<>();
  private final Map<String, Instant> backSince = new ConcurrentHashMap<>();

  /**
   * A write of a node.
   *
   * @param from the revision before; empty for the stable one
   * @param to the revision after; empty for the stable one
   */
  record Write(String from, String to, Instant seen, NodeWrite node) {}

  /**
   * @param traceparentKey the annotation that names the trace of the last write
   */
  public RolloutSightings(String traceparentKey, TimeSource time) {
    this.traceparentKey = traceparentKey;
    this.time = time;
  }

  @Override
  public void nodeChanged(Optional<NodeView> before, NodeView now) {
    String config = now.annotations().get(Keys.CONFIG);
    String traceparent = now.annotations().get(traceparentKey);
    if (before.isEmpty() || traceparent == null) {
      return;
    }
    String configBefore = before.get().annotations().get(Keys.CONFIG);
    if (Objects.equals(config, configBefore)) {
      return;
    }
    Map<String, String> from = ConfigAnnotation.revisions(configBefore);
    Map<String, String> to = ConfigAnnotation.revisions(config);
    if (from.equals(to)) {
      return;
    }
    Set<String> policies = new HashSet<>(from.keySet());
    policies.addAll(to.keySet());
    for (String policy : policies) {
      Write write =
          new Write(
              from.getOrDefault(policy, ""),
              to.getOrDefault(policy, ""),
              time.wallTime(),
              new NodeWrite(now.name(), traceparent));
      if (!write.from().equals(write.to())) {
        byPolicy.computeIfAbsent(policy, name -> new ConcurrentHashMap<>()).put(now.name(), write);
      }
    }
  }

  @Override
  public void nodeDeleted(String name) {
    byPolicy.values().forEach(writes -> writes.remove(name));
  }

  @Override
  public void policyChanged(PolicyObject policy) {
    boolean isBack =
        RolloutJson.in(policy.status()).filter(rollout -> rollout.phase().isBack()).isPresent();
    if (isBack) {
      backSince.putIfAbsent(policy.name(), time.wallTime());
    } else {
      backSince.remove(policy.name());
    }
  }

  @Override
  public void policyDeleted(String name) {
    byPolicy.remove(name);
    backSince.remove(name);
  }

  /** Since when the rollout of a policy is being rolled back; empty when that was not seen. */
  Optional<Instant> backSince(String policy) {
    return Optional.ofNullable(backSince.get(policy));
  }

  /**
   * Takes the writes of a policy that are as wanted, the oldest first; none of them is returned
   * again.
   *
   * @param since earlier ones are dropped
   */
  List<NodeWrite> take(String policy, Instant since, Predicate<Write> wanted) {
    Map<String, Write> writes = byPolicy.getOrDefault(policy, Map.of());
    List<Write> taken = writes.values().stream().filter(wanted).toList();
    taken.forEach(write -> writes.remove(write.node().node(), write));
    return taken.stream()
        .filter(write -> !write.seen().isBefore(since))
        .sorted(Comparator.comparing(Write::seen))
        .map(Write::node)
        .toList();
  }
}
