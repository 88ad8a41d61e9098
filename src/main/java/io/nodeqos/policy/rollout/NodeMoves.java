// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.rollout;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The nodes that the leader of this term has given another revision, until their Node objects say
 * so. Empty on a standby. Thread-safe.
 */
public final class NodeMoves {
  private final Map<String, Map<String, String>> byPolicy = new ConcurrentHashMap<>();

  /**
   * Gives a node a revision.
   *
   * @param revision empty for no revision: the policy does not apply to the node yet
   */
  public void move(String policy, String node, String revision) {
    byPolicy.computeIfAbsent(policy, name -> new ConcurrentHashMap<>()).put(node, revision);
  }

  /** The revision that a node is given; empty when it keeps the one that it carries. */
  public Optional<String> of(String policy, String node) {
    Map<String, String> moves = byPolicy.get(policy);
    return moves == null ? Optional.empty() : Optional.ofNullable(moves.get(node));
  }

  /** The node carries what it was given, or is gone. */
  public void done(String policy, String node) {
    Map<String, String> moves = byPolicy.get(policy);
    if (moves != null) {
      moves.remove(node);
    }
  }

  /** Forgets a node that is gone: another node may get its name. */
  public void forget(String node) {
    byPolicy.values().forEach(moves -> moves.remove(node));
  }

  /** Forgets all moves. */
  public void clear() {
    byPolicy.clear();
  }

  /** Forgets all moves of a policy. */
  public void clear(String policy) {
    byPolicy.remove(policy);
  }
}
