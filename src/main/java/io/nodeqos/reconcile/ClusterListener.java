// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import java.util.Optional;

/**
 * Receives the changes of the caches, after the caches hold them. Called on informer threads: must
 * not block, must not throw, and must take a time that does not depend on the number of nodes.
 * Events that no decision depends on (heartbeats) are not passed on. A listener overrides the
 * events that it needs.
 */
public interface ClusterListener {
  /**
   * A node was added or changed.
   *
   * @param before empty when the node is new to the cache
   */
  default void nodeChanged(Optional<NodeView> before, NodeView now) {}

  default void nodeDeleted(String name) {}

  /** A pod of a reserved namespace that is (or was) on the node was added, changed or deleted. */
  default void podChanged(String nodeName, String namespace) {}

  /** A DaemonSet of a reserved namespace, or the set of reserved namespaces, changed: all nodes. */
  default void reservedNamespaceChanged(String namespace) {}

  default void csiNodeChanged(String nodeName) {}

  /** A policy was added or changed, its status included. */
  default void policyChanged(PolicyObject policy) {}

  default void policyDeleted(String name) {}

  /** A revision of a policy was added or changed. */
  default void revisionChanged(PolicyRevision revision) {}

  default void revisionDeleted(PolicyRevision revision) {}

  /** The spinner DaemonSet of a policy was added, changed (not in its status) or deleted. */
  default void spinnerChanged(String policy) {}
}
