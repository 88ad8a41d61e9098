// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The objects of the reserved namespaces for one node.
 *
 * @param namespaces by name; a namespace that is not reserved is absent
 * @param csiDrivers names of the drivers registered on the node; empty while they are not known
 * @param pulls of images, by pods of the controller's own namespace
 */
public record ReservedState(
    Map<String, NamespaceState> namespaces, Optional<Set<String>> csiDrivers, ImagePulls pulls) {

  /** Without spinner pods. */
  public ReservedState(Map<String, NamespaceState> namespaces, Optional<Set<String>> csiDrivers) {
    this(namespaces, csiDrivers, ImagePulls.NONE);
  }

  public ReservedState withPulls(ImagePulls newPulls) {
    return new ReservedState(namespaces, csiDrivers, newPulls);
  }

  /**
   * One reserved namespace.
   *
   * @param readable false until its caches have synced: until then its lists prove nothing
   * @param pods its pods on this node
   * @param daemonSets all its DaemonSets
   */
  public record NamespaceState(
      boolean readable, List<PodView> pods, List<DaemonSetView> daemonSets) {

    /** Without spinners, which come and go with a label that this controller writes. */
    public NamespaceState {
      pods = pods.stream().filter(p -> !p.labels().containsKey(Keys.SPINNER)).toList();
      daemonSets =
          daemonSets.stream().filter(d -> !d.podLabels().containsKey(Keys.SPINNER)).toList();
    }

    /** The order of the pods does not count. */
    int contentHash() {
      return Objects.hash(readable, pods.stream().mapToInt(PodView::contentHash).sum(), daemonSets);
    }
  }

  /** A hash in which a new version of a pod alone is no change. */
  public int contentHash() {
    return Objects.hash(
        namespaces.entrySet().stream()
            .mapToInt(e -> Objects.hash(e.getKey(), e.getValue().contentHash()))
            .sum(),
        csiDrivers,
        pulls);
  }

  /** All pods of reserved namespaces on the node. */
  public List<PodView> pods() {
    return namespaces.values().stream().flatMap(n -> n.pods().stream()).toList();
  }

  /** True when every reserved namespace could be read. */
  public boolean readable() {
    return namespaces.values().stream().allMatch(NamespaceState::readable);
  }
}
