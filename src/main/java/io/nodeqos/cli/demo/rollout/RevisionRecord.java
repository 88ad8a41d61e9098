// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo.rollout;

import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.fleet.FleetWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The revision of a policy that each node carries, by a watch: the API server sends every version
 * of every Node, in the order of the writes. Thread-safe.
 */
final class RevisionRecord implements FleetWatch.Handler {
  private final String policy;
  private final Map<String, Seen> nodes = new TreeMap<>();
  private Map<String, String> atBegin = Map.of();
  private final List<Move> moves = new ArrayList<>();
  private boolean listed;
  private boolean interrupted;

  /**
   * The last version of a node.
   *
   * @param revision empty when the configuration names none
   * @param warm it has the mark, and the agent has acknowledged its configuration
   */
  private record Seen(String revision, boolean warm) {}

  /**
   * A write that gave a node another revision.
   *
   * @param revision empty when the configuration names none
   */
  record Move(String node, String revision) {}

  /**
   * The moves of the nodes since a moment.
   *
   * @param before node to the revision that it carried then; empty when its configuration named
   *     none
   * @param moves in the order of the writes
   */
  record History(Map<String, String> before, List<Move> moves) {
    History {
      before = Map.copyOf(before);
      moves = List.copyOf(moves);
    }
  }

  RevisionRecord(String policy) {
    this.policy = policy;
  }

  /** Starts the history. */
  synchronized void begin() {
    Map<String, String> now = new TreeMap<>();
    nodes.forEach((name, seen) -> now.put(name, seen.revision()));
    atBegin = now;
    moves.clear();
  }

  /** The history since the last call of {@link #begin}. */
  synchronized History history() {
    return new History(atBegin, moves);
  }

  /** How many nodes are warm, with an acknowledged configuration. */
  synchronized int warm() {
    return (int) nodes.values().stream().filter(Seen::warm).count();
  }

  /** How many nodes carry this revision, which is not empty. */
  synchronized int carrying(String revision) {
    return (int) nodes.values().stream().filter(n -> n.revision().equals(revision)).count();
  }

  /** True when the watch had to start again, so that writes may be missing. */
  synchronized boolean isInterrupted() {
    return interrupted;
  }

  @Override
  public synchronized void listed(List<JsonObject> all) {
    interrupted |= listed;
    listed = true;
    all.forEach(node -> changed("MODIFIED", node));
  }

  @Override
  public synchronized void changed(String type, JsonObject node) {
    String name = FleetJson.name(node);
    if (type.equals("DELETED")) {
      nodes.remove(name);
      return;
    }
    Map<String, String> labels = FleetJson.strings(node, "metadata", "labels");
    Map<String, String> annotations = FleetJson.strings(node, "metadata", "annotations");
    String revision =
        ConfigAnnotation.revisions(annotations.get(Keys.CONFIG)).getOrDefault(policy, "");
    String version = labels.getOrDefault(Keys.CONFIG_VERSION, "");
    boolean warm =
        "true".equals(labels.get(Keys.WARMED_UP))
            && version.equals(annotations.get(Keys.APPLIED_VERSION));
    Seen before = nodes.put(name, new Seen(revision, warm));
    if (before != null && !before.revision().equals(revision)) {
      moves.add(new Move(name, revision));
    }
  }
}
