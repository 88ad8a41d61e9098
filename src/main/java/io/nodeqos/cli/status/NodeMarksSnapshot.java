// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.status;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePhase;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The part of a replica's {@code /snapshot} that the marks of the Nodes show as well. */
final class NodeMarksSnapshot {
  private static final int MAX_WAITING = 20;

  private NodeMarksSnapshot() {}

  static JsonObject of(List<NodeView> nodes) {
    List<MarkedNode> marked = nodes.stream().map(MarkedNode::of).toList();
    Map<NodePhase, Integer> counts = new EnumMap<>(NodePhase.class);
    marked.forEach(node -> counts.merge(node.phase(), 1, Integer::sum));
    JsonObject phases = new JsonObject();
    counts.forEach((phase, count) -> phases.addProperty(phase.label(), count));
    JsonArray waiting = new JsonArray();
    marked.stream()
        .filter(node -> node.phase() == NodePhase.WAITING)
        .sorted(Comparator.comparing(MarkedNode::since).thenComparing(MarkedNode::name))
        .limit(MAX_WAITING)
        .forEach(node -> waiting.add(waiting(node)));
    JsonObject snapshot = new JsonObject();
    snapshot.add("nodes", phases);
    snapshot.add("waiting", waiting);
    return snapshot;
  }

  private static JsonObject waiting(MarkedNode node) {
    JsonObject json = new JsonObject();
    json.addProperty("node", node.name());
    json.addProperty("since", node.since().toString());
    json.addProperty("reason", node.reason());
    json.addProperty("message", node.message());
    return json;
  }
}
