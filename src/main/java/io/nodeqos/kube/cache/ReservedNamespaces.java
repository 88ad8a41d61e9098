// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import io.nodeqos.node.NamespaceView;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.reconcile.ClusterListener;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Starts and stops the caches of reserved namespaces as they come and go. Changed by the thread of
 * the Namespace informer, read by all.
 */
final class ReservedNamespaces {
  /** Starts and stops the caches of one namespace. */
  interface Caches {
    void start(ReservedNamespace namespace);

    void stop(ReservedNamespace namespace);
  }

  private final Set<String> namesInSettings;
  private final ClusterListener listener;
  private final Caches caches;
  private final Executor stopper;
  private final Map<String, ReservedNamespace> byName = new ConcurrentHashMap<>();

  /**
   * Creates it empty.
   *
   * @param stopper runs tasks that wait for threads to end, which an event handler must not do
   */
  ReservedNamespaces(
      Set<String> namesInSettings, ClusterListener listener, Caches caches, Executor stopper) {
    this.namesInSettings = namesInSettings;
    this.listener = listener;
    this.caches = caches;
    this.stopper = stopper;
  }

  /**
   * A namespace was added or changed.
   *
   * @param initial it is in the first list of namespaces
   */
  synchronized void update(NamespaceView namespace, boolean initial) {
    boolean wanted = namespace.reserved() || namesInSettings.contains(namespace.name());
    ReservedNamespace present = byName.get(namespace.name());
    boolean same = present != null && present.uid().equals(namespace.uid());
    if (present != null && (!wanted || !same)) {
      remove(namespace.name());
    }
    if (wanted && !same) {
      gained(namespace, initial);
    }
  }

  private void gained(NamespaceView namespace, boolean initial) {
    String name = namespace.name();
    ReservedNamespace added = new ReservedNamespace(name, namespace.uid(), initial, listener);
    byName.put(name, added);
    caches.start(added);
    listener.reservedNamespaceChanged(name);
  }

  /** A namespace was deleted or is not reserved any more. */
  synchronized void remove(String name) {
    ReservedNamespace lost = byName.remove(name);
    if (lost != null) {
      stopper.execute(() -> caches.stop(lost));
      listener.reservedNamespaceChanged(name);
    }
  }

  /** Stops all caches and waits for their threads. */
  synchronized void stop() {
    byName.values().forEach(caches::stop);
    byName.clear();
  }

  /** True when the start need not wait for any of them. */
  boolean settled() {
    return byName.values().stream().allMatch(n -> !n.initial() || n.settled());
  }

  Collection<ReservedNamespace> all() {
    return byName.values();
  }

  Map<String, NamespaceState> on(String nodeName) {
    Map<String, NamespaceState> states = new HashMap<>();
    byName.forEach((name, namespace) -> states.put(name, namespace.on(nodeName)));
    return states;
  }
}
