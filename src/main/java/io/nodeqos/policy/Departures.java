// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import com.google.gson.JsonElement;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which policies take what they put on a node with them. A policy that is not there says nothing:
 * absence is no evidence. Immutable.
 */
public final class Departures {
  private final Map<String, NodeQoSPolicy> inForce;
  private final Map<String, PolicyCatalog.Entry> removing;
  private final Set<String> taintKeys;

  private Departures(
      Map<String, NodeQoSPolicy> inForce,
      Map<String, PolicyCatalog.Entry> removing,
      Set<String> taintKeys) {
    this.inForce = inForce;
    this.removing = removing;
    this.taintKeys = taintKeys;
  }

  /**
   * @param inForce policies that are not being deleted
   * @param all everything known, of which those count that are being deleted
   */
  static Departures of(Collection<NodeQoSPolicy> inForce, Collection<PolicyCatalog.Entry> all) {
    return new Departures(
        inForce.stream()
            .collect(Collectors.toUnmodifiableMap(NodeQoSPolicy::name, Function.identity())),
        all.stream()
            .filter(e -> e.latest().meta().deleting())
            .filter(e -> DeletionPolicy.ofDeleted(e) == DeletionPolicy.REMOVE)
            .collect(Collectors.toUnmodifiableMap(e -> e.latest().name(), Function.identity())),
        inForce.stream()
            .flatMap(p -> p.spec().sections().warmUp().stream())
            .map(WarmUp::taintKey)
            .collect(Collectors.toUnmodifiableSet()));
  }

  /**
   * True when what the node carries of the policy is to be taken off: the policy says Remove, and
   * is being deleted or does not select the node. One that is suspended leaves it as it is.
   */
  public boolean takesBack(String policy, NodeView node) {
    NodeQoSPolicy there = inForce.get(policy);
    return there == null
        ? removing.containsKey(policy)
        : removes(there) && !there.spec().suspend() && !there.selects(node);
  }

  /** True when the policy selects the node: a section that it does not set any more is dropped. */
  public boolean selects(String policy, NodeView node) {
    NodeQoSPolicy there = inForce.get(policy);
    return there != null && there.selects(node);
  }

  /** True when the policy is in force and says Remove. */
  public boolean removes(String policy) {
    NodeQoSPolicy there = inForce.get(policy);
    return there != null && removes(there);
  }

  private static boolean removes(NodeQoSPolicy policy) {
    return policy.spec().deletionPolicy() == DeletionPolicy.REMOVE;
  }

  /**
   * The policy that warmed the node up, by its last valid version, is being deleted and says
   * Remove: for nodes that do not name it.
   */
  public Optional<String> warmedUpBy(NodeView node) {
    return removing.values().stream()
        .flatMap(e -> e.inForce().stream())
        .filter(p -> p.spec().sections().warmUp().isPresent() && p.selects(node))
        .min(NodeQoSPolicy.PRECEDENCE)
        .map(NodeQoSPolicy::name);
  }

  /** The key of the policy's startup taint, as far as it can be told. */
  public String taintKey(String policy) {
    Optional<NodeQoSPolicy> good =
        Optional.ofNullable(inForce.get(policy))
            .or(() -> Optional.ofNullable(removing.get(policy)).flatMap(e -> e.inForce()));
    return good.flatMap(p -> p.spec().sections().warmUp())
        .map(WarmUp::taintKey)
        .or(() -> Optional.ofNullable(removing.get(policy)).flatMap(Departures::unreadTaintKey))
        .orElse(Keys.STARTUP_TAINT);
  }

  /** Of a version with mistakes, which can be elsewhere in it. */
  private static Optional<String> unreadTaintKey(PolicyCatalog.Entry entry) {
    return Optional.ofNullable(entry.latest().spec().get("warmUp"))
        .filter(JsonElement::isJsonObject)
        .map(warmUp -> warmUp.getAsJsonObject().get("taintKey"))
        .filter(JsonElement::isJsonPrimitive)
        .map(JsonElement::getAsString)
        .filter(PolicyDecoder::isAllowedTaintKey);
  }

  /** Keys of the startup taints of all policies in force. */
  public Set<String> taintKeys() {
    return taintKeys;
  }
}
