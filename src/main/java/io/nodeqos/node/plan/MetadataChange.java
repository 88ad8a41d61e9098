// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.plan;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Taint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The change of a Node outside its status, as one merge patch.
 *
 * @param taints the whole new list (taints are an atomic list), empty when it stays as it is
 */
public record MetadataChange(
    Map<String, String> setLabels,
    Set<String> removeLabels,
    Map<String, String> setAnnotations,
    Set<String> removeAnnotations,
    Optional<List<Taint>> taints) {
  public static final MetadataChange NONE =
      new MetadataChange(Map.of(), Set.of(), Map.of(), Set.of(), Optional.empty());

  public MetadataChange {
    setLabels = Map.copyOf(setLabels);
    removeLabels = Set.copyOf(removeLabels);
    setAnnotations = Map.copyOf(setAnnotations);
    removeAnnotations = Set.copyOf(removeAnnotations);
    taints = taints.map(List::copyOf);
  }

  /** Sets one label. */
  public static MetadataChange label(String key, String value) {
    return new MetadataChange(Map.of(key, value), Set.of(), Map.of(), Set.of(), Optional.empty());
  }

  /** Removes these labels and annotations from the node, if it carries them. */
  public static MetadataChange removal(NodeView node, Set<String> labels, Set<String> annotations) {
    return new MetadataChange(
        Map.of(),
        present(labels, node.labels()),
        Map.of(),
        present(annotations, node.annotations()),
        Optional.empty());
  }

  private static Set<String> present(Set<String> keys, Map<String, String> on) {
    return keys.stream().filter(on::containsKey).collect(Collectors.toUnmodifiableSet());
  }

  /** Both combined; if they disagree about a key or the taints, the other one wins. */
  public MetadataChange plus(MetadataChange other) {
    if (other.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    return new MetadataChange(
        union(setLabels, other.setLabels, other.removeLabels),
        union(removeLabels, other.removeLabels, other.setLabels.keySet()),
        union(setAnnotations, other.setAnnotations, other.removeAnnotations),
        union(removeAnnotations, other.removeAnnotations, other.setAnnotations.keySet()),
        other.taints.or(() -> taints));
  }

  private static Map<String, String> union(
      Map<String, String> a, Map<String, String> b, Set<String> without) {
    Map<String, String> all = new HashMap<>(a);
    all.keySet().removeAll(without);
    all.putAll(b);
    return all;
  }

  private static Set<String> union(Set<String> a, Set<String> b, Set<String> without) {
    Set<String> all = new HashSet<>(a);
    all.removeAll(without);
    all.addAll(b);
    return all;
  }

  /** The same, but these labels and annotations stay as they are, and so do the taints. */
  public MetadataChange sparing(Set<String> keys) {
    return new MetadataChange(
        union(setLabels, Map.of(), keys),
        union(removeLabels, Set.of(), keys),
        union(setAnnotations, Map.of(), keys),
        union(removeAnnotations, Set.of(), keys),
        Optional.empty());
  }

  public MetadataChange withTaints(Optional<List<Taint>> newTaints) {
    return new MetadataChange(
        setLabels, removeLabels, setAnnotations, removeAnnotations, newTaints);
  }

  /** The same, and an annotation is set. */
  public MetadataChange withAnnotation(String key, String value) {
    return plus(
        new MetadataChange(Map.of(), Set.of(), Map.of(key, value), Set.of(), Optional.empty()));
  }

  /** The same, and annotations are removed. */
  public MetadataChange withoutAnnotations(Set<String> keys) {
    return plus(new MetadataChange(Map.of(), Set.of(), Map.of(), keys, Optional.empty()));
  }

  /** True when a node carries all set keys and no removed key; taints are not compared. */
  public boolean isOn(NodeView node) {
    return node.labels().entrySet().containsAll(setLabels.entrySet())
        && node.annotations().entrySet().containsAll(setAnnotations.entrySet())
        && removeLabels.stream().noneMatch(node.labels()::containsKey)
        && removeAnnotations.stream().noneMatch(node.annotations()::containsKey);
  }

  public boolean isEmpty() {
    return equals(NONE);
  }
}
