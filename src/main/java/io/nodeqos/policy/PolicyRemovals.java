// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.StartupTaintPrefixes;
import io.nodeqos.policy.spec.DeletionPolicy;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The policies that remove their state from a node. The absence of a policy is no evidence.
 * Immutable.
 */
public final class PolicyRemovals {
  private final Map<String, NodeQoSPolicy> inForce;
  private final Map<String, PolicyCatalog.Entry> removing;
  private final Set<String> taintKeys;
  private final StartupTaintPrefixes prefixes;

  private PolicyRemovals(
      Map<String, NodeQoSPolicy> inForce,
      Map<String, PolicyCatalog.Entry> removing,
      Set<String> taintKeys,
      StartupTaintPrefixes prefixes) {
    this.inForce = inForce;
    this.removing = removing;
    this.taintKeys = taintKeys;
    this.prefixes = prefixes;
  }

  /**
   * @param inForce policies that are not being deleted
   * @param all all known policies, of which only those that are being deleted count
   * @param prefixes of startup taints
   */
  static PolicyRemovals of(
      Collection<NodeQoSPolicy> inForce,
      Collection<PolicyCatalog.Entry> all,
      StartupTaintPrefixes prefixes) {
    return new PolicyRemovals(
        inForce.stream()
            .collect(Collectors.toUnmodifiableMap(NodeQoSPolicy::name, Function.identity())),
        all.stream()
            .filter(e -> e.latest().meta().deleting())
            .filter(PolicyCatalog.Entry::removesWhenDeleted)
            .collect(Collectors.toUnmodifiableMap(e -> e.latest().name(), Function.identity())),
        inForce.stream()
            .flatMap(p -> p.taintKeys().stream())
            .collect(Collectors.toUnmodifiableSet()),
        prefixes);
  }

  /**
   * True when the state of the policy must be removed from the node: the policy has Remove, and is
   * being deleted or does not select the node. A suspended policy leaves its state as it is.
   */
  public boolean cleansUp(String policy, NodeView node) {
    NodeQoSPolicy there = inForce.get(policy);
    return there == null
        ? removing.containsKey(policy)
        : removes(there) && !there.spec().suspend() && !there.selects(node);
  }

  /** True when the policy selects the node: a section that it no longer sets is removed. */
  public boolean selects(String policy, NodeView node) {
    NodeQoSPolicy there = inForce.get(policy);
    return there != null && there.selects(node);
  }

  /** True when the policy is in force and has Remove. */
  public boolean removes(String policy) {
    NodeQoSPolicy there = inForce.get(policy);
    return there != null && removes(there);
  }

  private static boolean removes(NodeQoSPolicy policy) {
    return policy.spec().deletionPolicy() == DeletionPolicy.REMOVE;
  }

  /**
   * The policy whose last valid version warmed the node up, if it is being deleted and has Remove:
   * for nodes that do not name it.
   */
  public Optional<String> warmedUpBy(NodeView node) {
    return removing.values().stream()
        .flatMap(e -> e.inForce().stream())
        .filter(p -> p.spec().sections().warmUp().isPresent() && p.selects(node))
        .min(NodeQoSPolicy.PRECEDENCE)
        .map(NodeQoSPolicy::name);
  }

  /** Known keys of the policy's startup taints. */
  public Set<String> taintKeys(String policy) {
    Optional<NodeQoSPolicy> good =
        Optional.ofNullable(inForce.get(policy))
            .or(() -> Optional.ofNullable(removing.get(policy)).flatMap(e -> e.inForce()));
    Set<String> keys = new HashSet<>(good.map(NodeQoSPolicy::taintKeys).orElse(Set.of()));
    if (keys.isEmpty()) {
      keys.add(
          Optional.ofNullable(removing.get(policy))
              .flatMap(e -> TaintKeys.in(e.latest().spec(), prefixes))
              .orElse(Keys.STARTUP_TAINT));
    }
    return keys;
  }

  /** The prefixes of startup taints, also of those that other controllers set. */
  public StartupTaintPrefixes taintPrefixes() {
    return prefixes;
  }

  /** Keys of the startup taints of all policies in force, now and in earlier versions. */
  public Set<String> taintKeys() {
    return taintKeys;
  }
}
