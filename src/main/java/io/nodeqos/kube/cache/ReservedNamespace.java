// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import io.nodeqos.kube.informer.CacheStatus;
import io.nodeqos.kube.informer.Informer;
import io.nodeqos.kube.informer.Informers;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.reconcile.ClusterListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The caches of one reserved namespace: its pods by node and its DaemonSets. Thread-safe. */
final class ReservedNamespace {
  private final String name;
  private final String uid;
  private final boolean initial;
  private final ClusterListener listener;
  private final PodIndex pods = new PodIndex();
  private final Map<String, DaemonSetView> daemonSetsByName = new ConcurrentHashMap<>();

  private volatile List<DaemonSetView> daemonSets = List.of();
  private volatile List<Informer<?>> informers = List.of();
  private volatile boolean muted;

  /**
   * Creates it without caches; {@link #start} makes them.
   *
   * @param initial it was known when the namespaces were first listed
   */
  ReservedNamespace(String name, String uid, boolean initial, ClusterListener listener) {
    this.name = name;
    this.uid = uid;
    this.initial = initial;
    this.listener = listener;
  }

  /**
   * Starts the caches.
   *
   * @param from creates their informers
   * @param statusListeners gives the one for a resource
   */
  void start(
      Informers from, Interning interning, Function<String, CacheStatus.Listener> statusListeners) {
    informers =
        List.of(
            from.create(
                CacheSource.pods(name, interning), statusListeners.apply("pods"), new PodHandler()),
            from.create(
                CacheSource.daemonSets(name, interning),
                statusListeners.apply("daemonsets"),
                new DaemonSetHandler()));
    informers.forEach(Informer::start);
  }

  /** It is no longer reserved: its events are ignored. */
  void mute() {
    muted = true;
  }

  List<Informer<?>> informers() {
    return informers;
  }

  String name() {
    return name;
  }

  /** Distinguishes it from another one of the same name. */
  String uid() {
    return uid;
  }

  /** Whether the start of the controller waits for it. */
  boolean initial() {
    return initial;
  }

  boolean settled() {
    List<Informer<?>> all = informers;
    return !all.isEmpty() && all.stream().allMatch(i -> i.status().settled());
  }

  boolean readable() {
    List<Informer<?>> all = informers;
    return !all.isEmpty() && all.stream().allMatch(i -> i.status().usable());
  }

  NamespaceState on(String nodeName) {
    return new NamespaceState(readable(), pods.on(nodeName), daemonSets);
  }

  private final class PodHandler implements Informer.Handler<PodView> {
    @Override
    public void added(PodView now) {
      pods.put(now);
      changed(now.nodeName());
    }

    @Override
    public void changed(PodView before, PodView now) {
      if (!before.nodeName().equals(now.nodeName())) {
        pods.remove(before);
        changed(before.nodeName());
      }
      pods.put(now);
      if (!before.sameAs(now)) {
        changed(now.nodeName());
      }
    }

    @Override
    public void deleted(PodView last) {
      pods.remove(last);
      changed(last.nodeName());
    }

    private void changed(String nodeName) {
      if (!muted && !nodeName.isEmpty()) {
        listener.podChanged(nodeName, name);
      }
    }
  }

  private final class DaemonSetHandler implements Informer.Handler<DaemonSetView> {
    @Override
    public void added(DaemonSetView now) {
      daemonSetsByName.put(now.name(), now);
      changed();
    }

    @Override
    public void changed(DaemonSetView before, DaemonSetView now) {
      daemonSetsByName.put(now.name(), now);
      // Its status changes with every pod and is not part of the view.
      if (!before.equals(now)) {
        changed();
      }
    }

    @Override
    public void deleted(DaemonSetView last) {
      daemonSetsByName.remove(last.name());
      changed();
    }

    private void changed() {
      daemonSets = List.copyOf(daemonSetsByName.values());
      if (!muted) {
        listener.reservedNamespaceChanged(name);
      }
    }
  }
}
