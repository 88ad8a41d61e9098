// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo.rollout;

import com.google.gson.JsonObject;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The result of one rollout. The numbers of nodes are counted from what the API server has stored,
 * never from reports of the controller itself.
 *
 * @param end the record in the policy's status at the end
 * @param nodes all nodes
 * @param updatedAtMost the most nodes that carried the target revision at once
 * @param updatedAtEnd the nodes that carry the target revision at the end
 * @param rolledBack the nodes that had the target revision and got the stable one back
 * @param flaps the nodes that changed their revision more often than from stable to target, and
 *     back in a rollback
 * @param writes of the controller to Nodes
 * @param took from the edit to the end
 */
record RolloutResult(
    RolloutState end,
    int nodes,
    int updatedAtMost,
    int updatedAtEnd,
    int rolledBack,
    int flaps,
    Writes writes,
    Duration took) {

  /** How long writes are counted after the end. */
  static final Duration OBSERVATION_PERIOD = Duration.ofSeconds(5);

  /**
   * Writes of the controller to Nodes.
   *
   * @param during the rollout
   * @param after within {@link #OBSERVATION_PERIOD} after its end
   */
  record Writes(int during, int after) {}

  /**
   * Counts.
   *
   * @param stable the revision before the rollout
   * @param target the revision that is rolled out
   */
  static RolloutResult of(
      RolloutState end,
      String stable,
      String target,
      RevisionRecord.History history,
      Writes writes,
      Duration took) {
    Map<String, String> carried = new HashMap<>();
    // A configuration that names no revision is the stable one's.
    history.before().forEach((node, revision) -> carried.put(node, named(revision, stable)));
    Map<String, Integer> changes = new HashMap<>();
    int updated = 0;
    int most = 0;
    int rolledBack = 0;
    for (RevisionRecord.Move move : history.moves()) {
      String now = named(move.revision(), stable);
      String before = carried.put(move.node(), now);
      if (now.equals(before)) {
        continue;
      }
      changes.merge(move.node(), 1, Integer::sum);
      updated += (now.equals(target) ? 1 : 0) - (target.equals(before) ? 1 : 0);
      most = Math.max(most, updated);
      rolledBack += target.equals(before) && now.equals(stable) ? 1 : 0;
    }
    int allowed = end.phase().isBack() ? 2 : 1;
    int flaps = (int) changes.values().stream().filter(n -> n > allowed).count();
    return new RolloutResult(end, carried.size(), most, updated, rolledBack, flaps, writes, took);
  }

  private static String named(String revision, String stable) {
    return revision.isEmpty() ? stable : revision;
  }

  /** True when all nodes have the target revision, each by one change. */
  boolean isComplete() {
    return end.phase() == RolloutPhase.COMPLETE
        && updatedAtEnd == nodes
        && rolledBack == 0
        && flaps == 0;
  }

  /**
   * True when nodes had the target revision, no more than the step allowed, and all of them have
   * the stable one back.
   */
  boolean isTakenBack() {
    return end.phase() == RolloutPhase.ROLLED_BACK
        && updatedAtMost > 0
        && updatedAtMost <= end.counts().wanted()
        && updatedAtEnd == 0
        && rolledBack == updatedAtMost
        && flaps == 0;
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("phase", end.phase().text());
    json.addProperty("step", end.progress().step());
    json.addProperty("steps", end.progress().steps());
    json.addProperty("nodes", nodes);
    json.addProperty("updatedAtMost", updatedAtMost);
    json.addProperty("updatedAtEnd", updatedAtEnd);
    json.addProperty("rolledBack", rolledBack);
    json.addProperty("flaps", flaps);
    json.addProperty("writesToNodes", writes.during());
    json.addProperty("writesToNodesAfter", writes.after());
    json.addProperty("timeMs", took.toMillis());
    json.addProperty("message", end.message());
    return json;
  }
}
