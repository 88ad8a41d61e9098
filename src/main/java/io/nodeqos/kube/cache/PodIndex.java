// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import io.nodeqos.node.PodView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pods of one namespace by node. Written by one informer thread, read by all; a lookup costs
 * nothing but a hash.
 */
public final class PodIndex {
  private final Map<String, List<PodView>> byNode = new ConcurrentHashMap<>();

  public List<PodView> on(String nodeName) {
    return byNode.getOrDefault(nodeName, List.of());
  }

  public void put(PodView pod) {
    if (!pod.nodeName().isEmpty()) {
      byNode.merge(pod.nodeName(), List.of(pod), (pods, added) -> with(without(pods, pod), pod));
    }
  }

  public void remove(PodView pod) {
    byNode.computeIfPresent(
        pod.nodeName(),
        (node, pods) -> {
          List<PodView> rest = without(pods, pod);
          return rest.isEmpty() ? null : List.copyOf(rest);
        });
  }

  private static List<PodView> without(List<PodView> pods, PodView pod) {
    List<PodView> rest = new ArrayList<>(pods);
    rest.removeIf(p -> p.name().equals(pod.name()));
    return rest;
  }

  private static List<PodView> with(List<PodView> pods, PodView pod) {
    pods.add(pod);
    return List.copyOf(pods);
  }
}
