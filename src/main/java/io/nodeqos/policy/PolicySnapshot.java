// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.nodeqos.node.NodeView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All policies at one moment, with the configurations compiled from them. Thread-safe. */
public final class PolicySnapshot {
  private static final Duration COMPILED_TTL = Duration.ofSeconds(30);
  private static final int MAX_COMPILED = 1_000;

  private final long number;
  private final List<NodeQoSPolicy> inForce;
  private final Numbers numbers;
  private final Rollouts rollouts;
  private final NotInForce notInForce;
  private final PolicyRemovals removals;
  private final Cache<List<String>, CompiledConfig> compiled =
      Caffeine.newBuilder().maximumSize(MAX_COMPILED).expireAfterAccess(COMPILED_TTL).build();

  PolicySnapshot(
      long number,
      List<NodeQoSPolicy> inForce,
      Numbers numbers,
      Rollouts rollouts,
      NotInForce notInForce,
      PolicyRemovals removals) {
    this.number = number;
    this.inForce = inForce;
    this.numbers = numbers;
    this.rollouts = rollouts;
    this.notInForce = notInForce;
    this.removals = removals;
  }

  /** Rises with each change of the policies in force. */
  public long number() {
    return number;
  }

  /**
   * The {@link #number} of the first snapshot with the version of a policy that is in force here: a
   * decision with an earlier snapshot did not know this version. {@link Long#MAX_VALUE} when it is
   * not in force.
   */
  public long inForceSince(String policy) {
    return inForce.stream()
        .filter(p -> p.name().equals(policy))
        .findFirst()
        .map(numbers.since()::get)
        .orElse(Long.MAX_VALUE);
  }

  /**
   * The {@link #number} of the first snapshot in which a policy is as it is here, in force,
   * deleted, confirmed or not: a decision with an earlier snapshot did not know it so. 0 for an
   * unknown policy.
   */
  public long changedAt(String policy) {
    return numbers.changed().getOrDefault(policy, 0L);
  }

  /** The policies that remove their state from nodes. */
  public PolicyRemovals removals() {
    return removals;
  }

  /** In order of precedence. */
  public List<NodeQoSPolicy> inForce() {
    return inForce;
  }

  /**
   * Names of invalid policies without a known valid version: a node that carries their
   * configuration keeps it, if no other policy sets that section.
   */
  public Set<String> unknown() {
    return notInForce.unknown();
  }

  /** Names of the policies that are dry runs. None of them is in force. */
  public Set<String> dryRuns() {
    return notInForce.dryRuns();
  }

  /** The versions that nodes follow. */
  Rollouts rollouts() {
    return rollouts;
  }

  Numbers numbers() {
    return numbers;
  }

  /** Compiles the configuration of one node. */
  public CompiledConfig compile(NodeView node) {
    List<NodeQoSPolicy> matching = inForce.stream().filter(p -> p.selects(node)).toList();
    if (matching.isEmpty()) {
      return CompiledConfig.NONE;
    }
    Rollouts.Followed followed = rollouts.follow(node, matching);
    return compiled
        .get(followed.names(), names -> PolicyCompiler.compile(followed.versions()))
        .following(followed.revisions());
  }

  /** The rollout of a policy; empty when all its nodes follow the version in force. */
  public Optional<PolicyRollout> rollout(String policy) {
    return Optional.ofNullable(rollouts.versions().get(policy)).map(PolicyRollout::new);
  }

  /** The revision of a policy that a selected node follows; empty for none. */
  String revision(String policy, NodeView node) {
    return inForce.stream()
        .filter(p -> p.name().equals(policy))
        .findFirst()
        .map(p -> rollouts.revision(node, p))
        .orElse("");
  }

  /**
   * Numbers of earlier snapshots.
   *
   * @param since the first one with each version in force
   * @param changed the first one with the present state of each known policy
   */
  record Numbers(Map<NodeQoSPolicy, Long> since, Map<String, Long> changed) {}

  /** Names of policies of which no version is in force, see the accessors. */
  record NotInForce(Set<String> unknown, Set<String> dryRuns) {}
}
