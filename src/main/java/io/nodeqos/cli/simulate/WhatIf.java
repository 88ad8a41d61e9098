// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import com.google.gson.JsonObject;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.store.LabelSelector;
import io.nodeqos.sim.store.StoredObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** A question about the cluster that a simulation has come to. */
sealed interface WhatIf {
  /** The pods of a DaemonSet are not Ready any more on some nodes. */
  record AgentDown(String daemonSet, String selector) implements WhatIf {}

  /** All replicas of the controller are restarted. */
  record Restart() implements WhatIf {}

  /** A policy is deleted. */
  record PolicyDeleted(String policy) implements WhatIf {}

  /**
   * Its result.
   *
   * @param braked nodes whose mark the brake keeps
   */
  record Answer(String question, int marksLost, int braked, int warmBefore, int writes) {}

  /**
   * Parses a question: {@code agent=NAME[,LABEL=VALUE...]}, {@code restart} or {@code
   * delete=POLICY}.
   *
   * @throws IllegalArgumentException with a sentence
   */
  static WhatIf parse(String text) {
    if (text.equals("restart")) {
      return new Restart();
    }
    if (text.matches("delete=.+")) {
      return new PolicyDeleted(text.substring("delete=".length()));
    }
    if (text.matches("agent=[^,]+(,.+)?")) {
      String[] parts = text.substring("agent=".length()).split(",", 2);
      return new AgentDown(parts[0], parts.length > 1 ? parts[1] : "");
    }
    throw new IllegalArgumentException(
        "--what-if is "
            + text
            + ", must be agent=DAEMONSET[,LABEL=VALUE], restart or delete=POLICY");
  }

  /** As a line of a table. */
  default String question() {
    if (this instanceof AgentDown down) {
      return "DaemonSet "
          + down.daemonSet()
          + " down on "
          + (down.selector().isEmpty() ? "all nodes" : "nodes with " + down.selector());
    }
    return this instanceof PolicyDeleted deleted
        ? "policy " + deleted.policy() + " deleted"
        : "restart of all replicas";
  }

  /** Asks it of a cluster in a steady state, which is used up by it. */
  default Answer ask(VirtualCluster cluster, Duration settling, Duration length) {
    RunRecord restarted = RunRecord.of(cluster);
    if (!(this instanceof Restart)) {
      cluster.run(settling);
    }
    RunRecord record = this instanceof Restart ? restarted : RunRecord.of(cluster);
    int warm =
        (int) cluster.api().objects(CacheFeed.NODES).stream().filter(RunRecord::isWarm).count();
    act(cluster);
    cluster.run(length);
    int braked =
        cluster.controller().brake().episodes().stream()
            .filter(episode -> !episode.confirmed())
            .mapToInt(episode -> episode.counts().threatened())
            .sum();
    int writes = record.writes().values().stream().mapToInt(Integer::intValue).sum();
    return new Answer(question(), record.marksLost(), braked, warm, writes);
  }

  private void act(VirtualCluster cluster) {
    if (this instanceof AgentDown down) {
      fail(cluster, down);
    } else if (this instanceof PolicyDeleted deleted) {
      String path = CacheFeed.POLICIES + "/" + deleted.policy();
      if (!cluster.api().delete(path).ok()) {
        throw CommandException.badInput(
            "BadWhatIf", "--what-if delete=" + deleted.policy() + ": there is no such policy");
      }
    }
  }

  private static void fail(VirtualCluster cluster, AgentDown down) {
    LabelSelector selector = LabelSelector.parse(down.selector());
    Set<String> nodes = new HashSet<>();
    for (StoredObject node : cluster.api().objects(CacheFeed.NODES)) {
      if (selector.matches(node.selectable().labels())) {
        nodes.add(node.key().name());
      }
    }
    int failed = 0;
    for (StoredObject stored : cluster.api().objects(CacheFeed.PODS)) {
      if (nodes.contains(stored.selectable().fields().getOrDefault("spec.nodeName", ""))) {
        JsonObject pod = stored.parse();
        boolean owned =
            FleetJson.objects(pod, "metadata", "ownerReferences").stream()
                .anyMatch(owner -> FleetJson.text(owner, "name").equals(down.daemonSet()));
        if (owned) {
          cluster.fail(pod);
          failed++;
        }
      }
    }
    if (failed == 0) {
      throw CommandException.badInput(
          "BadWhatIf",
          "--what-if agent="
              + down.daemonSet()
              + (down.selector().isEmpty() ? "" : "," + down.selector())
              + ": no node has a pod of such a DaemonSet");
    }
  }
}
