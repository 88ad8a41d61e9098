// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import com.google.gson.JsonObject;
import io.nodeqos.cli.simulate.cluster.CacheFeed;
import io.nodeqos.cli.simulate.cluster.ClusterObjects;
import io.nodeqos.cli.simulate.cluster.VirtualCluster;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.store.LabelSelector;
import io.nodeqos.sim.store.StoredObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Answers one question with a cluster in a steady state, which is used up by it. */
final class WhatIfRun {
  private static final Duration SETTLING = Duration.ofMinutes(5);
  private static final Duration LENGTH = Duration.ofMinutes(10);

  private final VirtualCluster cluster;

  WhatIfRun(VirtualCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Asks each question of the cluster that a simulation has come to.
   *
   * @param cluster stays as it is: each question gets its own copy
   */
  static List<WhatIf.Answer> answers(
      List<WhatIf> questions,
      Simulation simulation,
      VirtualCluster cluster,
      ProgressLine progress) {
    List<WhatIf.Answer> answers = new ArrayList<>();
    ClusterObjects end = questions.isEmpty() ? null : cluster.objects();
    for (WhatIf question : questions) {
      VirtualCluster restored = simulation.restored(end);
      progress.phase(
          "what if " + (answers.size() + 1) + " of " + questions.size(),
          WhatIfRun.length(question));
      restored.followedBy(progress);
      answers.add(new WhatIfRun(restored).ask(question));
    }
    return answers;
  }

  /** In virtual time. */
  static Duration length(WhatIf question) {
    return question instanceof WhatIf.Restart ? LENGTH : SETTLING.plus(LENGTH);
  }

  /** Asks it. A restored cluster is one after a restart of all replicas. */
  WhatIf.Answer ask(WhatIf question) {
    if (!(question instanceof WhatIf.Restart)) {
      cluster.run(SETTLING);
    }
    RunRecord record = RunRecord.of(cluster);
    int warm =
        (int) cluster.api().objects(CacheFeed.NODES).stream().filter(NodeHistory::isWarm).count();
    if (question instanceof WhatIf.AgentDown down) {
      fail(down);
    } else if (question instanceof WhatIf.PolicyDeleted deleted) {
      delete(deleted);
    }
    cluster.run(LENGTH);
    int braked =
        cluster.controller().brake().episodes().stream()
            .filter(Brake.Episode::holds)
            .mapToInt(episode -> episode.counts().threatened())
            .sum();
    int writes = record.writes().values().stream().mapToInt(Integer::intValue).sum();
    return new WhatIf.Answer(question.question(), record.marksLost(), braked, warm, writes);
  }

  private void delete(WhatIf.PolicyDeleted deleted) {
    if (!cluster.api().delete(CacheFeed.POLICIES + "/" + deleted.policy()).ok()) {
      throw Questions.mistake(
          "delete=" + deleted.policy() + ": the policy is gone at the end of the simulation");
    }
  }

  private void fail(WhatIf.AgentDown down) {
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
        if (isOwnedBy(pod, down.daemonSet())) {
          cluster.fail(pod);
          failed++;
        }
      }
    }
    if (failed == 0) {
      throw Questions.mistake(
          "agent="
              + down.daemonSet()
              + (down.selector().isEmpty() ? "" : "," + down.selector())
              + ": no such node has a pod of this DaemonSet");
    }
  }

  private static boolean isOwnedBy(JsonObject pod, String daemonSet) {
    return FleetJson.objects(pod, "metadata", "ownerReferences").stream()
        .anyMatch(
            owner ->
                FleetJson.text(owner, "kind").equals("DaemonSet")
                    && FleetJson.text(owner, "name").equals(daemonSet));
  }
}
