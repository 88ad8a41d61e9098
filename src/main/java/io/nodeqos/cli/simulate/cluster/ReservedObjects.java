// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.kube.cache.PodIndex;
import io.nodeqos.kube.informer.Informer;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.reconcile.ClusterListener;
import java.util.List;
import java.util.TreeMap;

/** The pods and DaemonSets of one reserved namespace. */
final class ReservedObjects {
  private final String namespace;
  private final ClusterListener listener;
  private final PodIndex pods = new PodIndex();
  private final TreeMap<String, DaemonSetView> daemonSets = new TreeMap<>();
  private List<DaemonSetView> listed = List.of();

  ReservedObjects(String namespace, ClusterListener listener) {
    this.namespace = namespace;
    this.listener = listener;
  }

  NamespaceState on(String node) {
    return new NamespaceState(true, pods.on(node), listed);
  }

  Informer.Handler<PodView> podHandler() {
    return new Informer.Handler<>() {
      @Override
      public void added(PodView now) {
        pods.put(now);
        report(now);
      }

      @Override
      public void changed(PodView before, PodView now) {
        if (!before.nodeName().equals(now.nodeName())) {
          pods.remove(before);
          report(before);
        }
        pods.put(now);
        if (!before.sameAs(now)) {
          report(now);
        }
      }

      @Override
      public void deleted(PodView last) {
        pods.remove(last);
        report(last);
      }

      private void report(PodView pod) {
        if (!pod.nodeName().isEmpty()) {
          listener.podChanged(pod.nodeName(), namespace);
        }
      }
    };
  }

  Informer.Handler<DaemonSetView> daemonSetHandler() {
    return new Informer.Handler<>() {
      @Override
      public void added(DaemonSetView now) {
        daemonSets.put(now.name(), now);
        report();
      }

      @Override
      public void changed(DaemonSetView before, DaemonSetView now) {
        daemonSets.put(now.name(), now);
        if (!before.equals(now)) {
          report();
        }
      }

      @Override
      public void deleted(DaemonSetView last) {
        daemonSets.remove(last.name());
        report();
      }

      private void report() {
        listed = List.copyOf(daemonSets.values());
        listener.reservedNamespaceChanged(namespace);
      }
    };
  }
}
