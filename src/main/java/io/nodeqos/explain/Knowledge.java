// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.answer.Explanation;
import java.util.List;
import java.util.Map;

/**
 * Facts about a node besides the inputs of a decision.
 *
 * @param pods the trouble of pods that were read, by namespace/name; that of a pod which cannot be
 *     scheduled also by the namespace/name of its DaemonSet
 * @param history the last transitions of the node, the oldest first
 * @param missing sentences about facts that could not be read
 */
public record Knowledge(
    Map<String, PodTrouble> pods, List<Explanation.Event> history, List<String> missing) {
  public Knowledge {
    pods = Map.copyOf(pods);
    history = List.copyOf(history);
    missing = List.copyOf(missing);
  }
}
