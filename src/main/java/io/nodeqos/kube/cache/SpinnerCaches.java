// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import io.nodeqos.kube.informer.Informer;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.reconcile.ClusterListener;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The spinner DaemonSets of the controller's namespace and their pods by node. Written by the
 * informers' threads, read by all.
 */
public final class SpinnerCaches {
  private final Map<String, SpinnerDaemonSet> daemonSets = new ConcurrentHashMap<>();
  private final Map<String, Map<String, SpinnerPod>> pods = new ConcurrentHashMap<>();

  public Optional<SpinnerDaemonSet> daemonSet(String name) {
    return Optional.ofNullable(daemonSets.get(name));
  }

  public Collection<SpinnerDaemonSet> daemonSets() {
    return List.copyOf(daemonSets.values());
  }

  public List<SpinnerPod> podsOn(String nodeName) {
    Map<String, SpinnerPod> there = pods.get(nodeName);
    return there == null ? List.of() : List.copyOf(there.values());
  }

  public Informer.Handler<SpinnerDaemonSet> daemonSetHandler(ClusterListener listener) {
    return new Informer.Handler<>() {
      @Override
      public void added(SpinnerDaemonSet now) {
        daemonSets.put(now.name(), now);
        listener.spinnerChanged(now.policy());
      }

      @Override
      public void changed(SpinnerDaemonSet before, SpinnerDaemonSet now) {
        daemonSets.put(now.name(), now);
        // Its status changes with every pod and is not part of the view.
        if (!before.equals(now)) {
          listener.spinnerChanged(now.policy());
        }
        if (!before.policy().equals(now.policy())) {
          listener.spinnerChanged(before.policy());
        }
      }

      @Override
      public void deleted(SpinnerDaemonSet last) {
        daemonSets.remove(last.name());
        listener.spinnerChanged(last.policy());
      }
    };
  }

  public Informer.Handler<SpinnerPod> podHandler(ClusterListener listener) {
    return new Informer.Handler<>() {
      @Override
      public void added(SpinnerPod now) {
        put(now);
        tell(now);
      }

      @Override
      public void changed(SpinnerPod before, SpinnerPod now) {
        if (!before.nodeName().equals(now.nodeName())) {
          remove(before);
        }
        put(now);
        if (!before.equals(now)) {
          tell(now);
        }
      }

      @Override
      public void deleted(SpinnerPod last) {
        remove(last);
        tell(last);
      }

      private void tell(SpinnerPod pod) {
        if (!pod.nodeName().isEmpty()) {
          listener.podChanged(pod.nodeName(), pod.meta().namespace());
        }
      }
    };
  }

  private void put(SpinnerPod pod) {
    if (!pod.nodeName().isEmpty()) {
      pods.compute(
          pod.nodeName(),
          (node, there) -> {
            Map<String, SpinnerPod> all = there == null ? new ConcurrentHashMap<>() : there;
            all.put(pod.meta().name(), pod);
            return all;
          });
    }
  }

  private void remove(SpinnerPod pod) {
    pods.computeIfPresent(
        pod.nodeName(),
        (node, there) -> {
          there.remove(pod.meta().name());
          return there.isEmpty() ? null : there;
        });
  }
}
