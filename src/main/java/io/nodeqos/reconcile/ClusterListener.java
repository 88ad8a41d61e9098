// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import java.util.Optional;

/**
 * Hears what changed in the caches, after they hold it. Called on informer threads: must be O(1),
 * must not block and must not throw. Events that change nothing a decision depends on (heartbeats)
 * are not passed on. No method has a default: a listener that wraps another one would lose it.
 */
public interface ClusterListener {
  /**
   * A node was added or changed.
   *
   * @param before empty when it is new to the cache
   */
  void nodeChanged(Optional<NodeView> before, NodeView now);

  void nodeDeleted(String name);

  /** A pod of a reserved namespace that is (or was) on the node was added, changed or deleted. */
  void podChanged(String nodeName, String namespace);

  /** A DaemonSet of a reserved namespace, or the set of reserved namespaces, changed: all nodes. */
  void reservedNamespaceChanged(String namespace);

  void csiNodeChanged(String nodeName);

  /** A policy was added or changed, its status included. */
  void policyChanged(PolicyObject policy);

  void policyDeleted(String name);

  /** A revision of a policy was added or changed. */
  void revisionChanged(PolicyRevision revision);

  void revisionDeleted(PolicyRevision revision);

  /** The spinner DaemonSet of a policy was added, changed (not in its status) or deleted. */
  void spinnerChanged(String policy);
}
