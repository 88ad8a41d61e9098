// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.answer.Explanation.ObjectRef;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.policy.spec.GateKind;
import java.util.Optional;

/**
 * The object that a blocker names.
 *
 * @param object itself
 * @param owner the DaemonSet of a pod, so that pods of several nodes count as the same; empty for
 *     any other object
 */
record BlockedObject(ObjectRef object, Optional<ObjectRef> owner) {
  /** The kind of a DaemonSet, in words. */
  static final String DAEMON_SET = "DaemonSet";

  private static final String NAMESPACE = "namespace";

  /**
   * @param name as the gate names it
   */
  static BlockedObject of(GateKind kind, String name, String node, ReservedState reserved) {
    return switch (kind) {
      case RESERVED_PODS -> ofNamespace(name, reserved);
      case CSI_DRIVER -> alone("CSI driver", name);
      case IMAGES -> alone("image", name);
      case RESOURCE -> alone("resource", name);
      case CONDITION -> alone("condition", name);
      case CONFIG_APPLIED -> alone("config version", name);
      case NODE_READY -> alone("node", node);
    };
  }

  private static BlockedObject ofNamespace(String name, ReservedState reserved) {
    int slash = name.indexOf('/');
    if (slash < 0) {
      return alone(NAMESPACE, name);
    }
    String namespace = name.substring(0, slash);
    String own = name.substring(slash + 1);
    NamespaceState state = reserved.namespaces().get(namespace);
    Optional<PodView> pod =
        state == null
            ? Optional.empty()
            : state.pods().stream().filter(p -> p.name().equals(own)).findFirst();
    if (pod.isPresent()) {
      return new BlockedObject(new ObjectRef("pod", namespace, own), owner(state, pod.get()));
    }
    boolean isPod =
        state != null && state.daemonSets().stream().noneMatch(d -> d.name().equals(own));
    return new BlockedObject(
        new ObjectRef(isPod ? "pod" : DAEMON_SET, namespace, own), Optional.empty());
  }

  private static Optional<ObjectRef> owner(NamespaceState state, PodView pod) {
    return state.daemonSets().stream()
        .filter(d -> d.uid().equals(pod.ownerUid()))
        .map(BlockedObject::of)
        .findFirst();
  }

  private static ObjectRef of(DaemonSetView daemonSet) {
    return new ObjectRef(DAEMON_SET, daemonSet.namespace(), daemonSet.name());
  }

  private static BlockedObject alone(String kind, String name) {
    return new BlockedObject(new ObjectRef(kind, "", name), Optional.empty());
  }

  /** That of the object, or the object itself when it is one; empty without one. */
  String namespace() {
    return object.kind().equals(NAMESPACE) ? object.name() : object.namespace();
  }

  boolean isPod() {
    return object.kind().equals("pod");
  }

  boolean isDaemonSet() {
    return object.kind().equals(DAEMON_SET);
  }

  /** The name by which two nodes wait for the same. */
  ObjectRef shared() {
    return object.kind().equals("node")
        ? new ObjectRef("condition", "", "Ready")
        : owner.orElse(object);
  }
}
