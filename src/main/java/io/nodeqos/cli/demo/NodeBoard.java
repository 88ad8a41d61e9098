// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.fleet.FleetWatch;
import io.nodeqos.time.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The nodes as a user sees them through the API: their marks and the condition {@value
 * Keys#WARMED_UP_CONDITION}, and when the mark was first seen. Safe for use by many threads.
 */
final class NodeBoard implements FleetWatch.Handler {

  /** The progress of a node. */
  enum Phase {
    /** In the API, but without a configuration yet. */
    JOINED,
    /** Configured, and kept off tenants until its gates hold. */
    WAITING,
    WARM
  }

  /** One node. */
  record State(String name, Phase phase, boolean configured, Condition condition, Times times) {}

  /** Of the condition {@value Keys#WARMED_UP_CONDITION}; both empty when there is none. */
  record Condition(String reason, String message) {}

  /**
   * Of one node.
   *
   * @param since nanoTime at which it was first seen
   * @param warmAt nanoTime at which the mark was first seen; 0 before
   * @param warmVersion the node's resourceVersion then
   */
  record Times(long since, long warmAt, long warmVersion) {}

  private final TimeSource time;
  private final Map<String, State> nodes = new TreeMap<>();

  NodeBoard(TimeSource time) {
    this.time = time;
  }

  /** All nodes by name. */
  synchronized List<State> nodes() {
    return List.copyOf(nodes.values());
  }

  @Override
  public synchronized void listed(List<JsonObject> all) {
    Map<String, State> before = new TreeMap<>(nodes);
    nodes.clear();
    for (JsonObject node : all) {
      State known = before.get(FleetJson.name(node));
      if (known != null) {
        nodes.put(known.name(), known);
      }
      changed("MODIFIED", node);
    }
  }

  @Override
  public synchronized void changed(String type, JsonObject node) {
    String name = FleetJson.name(node);
    if (type.equals("DELETED")) {
      nodes.remove(name);
      return;
    }
    State before = nodes.get(name);
    Map<String, String> labels = FleetJson.strings(node, "metadata", "labels");
    boolean configured =
        labels.containsKey(Keys.CONFIG_VERSION)
            && !FleetJson.text(node, "metadata", "annotations", Keys.CONFIG).isEmpty();
    boolean warm = "true".equals(labels.get(Keys.WARMED_UP));
    JsonObject condition = FleetJson.condition(node, Keys.WARMED_UP_CONDITION);
    nodes.put(
        name,
        new State(
            name,
            warm ? Phase.WARM : configured ? Phase.WAITING : Phase.JOINED,
            configured,
            new Condition(
                FleetJson.text(condition, "reason"), FleetJson.text(condition, "message")),
            times(before, warm, node)));
  }

  private Times times(State before, boolean warm, JsonObject node) {
    long now = time.nanos();
    long since = before == null ? now : before.times().since();
    if (!warm) {
      return new Times(since, 0, 0);
    }
    return before != null && before.phase() == Phase.WARM
        ? before.times()
        : new Times(since, now, version(node));
  }

  private static long version(JsonObject node) {
    return Long.parseLong(FleetJson.text(node, "metadata", "resourceVersion"));
  }
}
