// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.plan;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Taint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one merge patch changes on a Node outside its status.
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

  public MetadataChange withTaints(Optional<List<Taint>> newTaints) {
    return new MetadataChange(
        setLabels, removeLabels, setAnnotations, removeAnnotations, newTaints);
  }

  /** The same, and an annotation is set. */
  public MetadataChange withAnnotation(String key, String value) {
    Map<String, String> annotations = new HashMap<>(setAnnotations);
    annotations.put(key, value);
    return new MetadataChange(setLabels, removeLabels, annotations, removeAnnotations, taints);
  }

  /** True when a node carries what this sets and nothing of what it removes, taints left out. */
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
