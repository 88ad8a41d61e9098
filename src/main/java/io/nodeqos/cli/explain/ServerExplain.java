// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.explain;

import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.explain.BlockingPods;
import io.nodeqos.explain.Knowledge;
import io.nodeqos.explain.fleet.NodeFacts;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.snapshot.NodeSnapshot;
import io.nodeqos.kube.snapshot.NodeSnapshotReader;
import io.nodeqos.kube.snapshot.PodStatusClient;
import io.nodeqos.kube.snapshot.Reading;
import io.nodeqos.kube.snapshot.SnapshotException;
import io.nodeqos.kube.snapshot.SnapshotReader;
import io.nodeqos.kube.snapshot.Wanted;
import io.nodeqos.kube.watch.ListReader;
import io.nodeqos.policy.spec.GateKind;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.preview.ClusterSnapshot.Controller;
import io.nodeqos.time.Pauses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers from the API server alone. */
final class ServerExplain {
  private static final String ONE_NODE =
      "Only a replica knows other nodes that wait for the same, the usual time of a warm-up, the last"
          + " transitions, and since when gates are open.";

  private static final String ALL_NODES =
      "Only a replica reads the state of a pod for each of the largest groups, and knows since when"
          + " nodes are suspended or without a policy.";

  private final ClusterOptions cluster;
  private final Pauses pauses;

  ServerExplain(ClusterOptions cluster, Pauses pauses) {
    this.cluster = cluster;
    this.pauses = pauses;
  }

  /**
   * @param noReplica why no replica answers
   */
  ExplainAnswer ask(ExplainQuestion question, String noReplica) {
    try {
      return question.isOfNode() ? node(question.node(), noReplica) : all(question, noReplica);
    } catch (SnapshotException e) {
      throw CommandException.failed(ExplainWatch.NO_ANSWER, clause(e.getMessage())).causedBy(e);
    }
  }

  private ExplainAnswer node(String name, String noReplica) throws SnapshotException {
    Optional<Reading<NodeSnapshot>> reading =
        NodeSnapshotReader.of(cluster.clients().read(cluster.requestTimeout()), pauses)
            .read(name, new Controller(cluster.namespace(), Optional.empty()));
    if (reading.isEmpty()) {
      throw CommandException.failed("NotFound", "there is no node " + name);
    }
    NodeSnapshot snapshot = reading.get().value();
    List<String> missing = new ArrayList<>(List.of(sentence(noReplica), ONE_NODE));
    missing.addAll(reading.get().missing());
    SnapshotExplain alone = SnapshotExplain.of(snapshot.cluster(), pauses.time(), missing);
    NodeFacts facts = alone.facts(name).orElseThrow();
    BlockingPods.Found pods =
        new BlockingPods(
                new PodStatusClient(
                    cluster.clients().read(cluster.requestTimeout()), pauses.time()),
                requestsLeft(facts))
            .of(facts, snapshot.pods());
    List<String> all = new ArrayList<>(alone.missing());
    all.addAll(pods.missing());
    return alone.answer(facts, new Knowledge(pods.pods(), List.of(), all));
  }

  /** Of five for one node. */
  private static int requestsLeft(NodeFacts facts) {
    boolean usedAll =
        facts.config().sections().warmUp().stream()
            .flatMap(warmUp -> warmUp.gates().stream())
            .anyMatch(gate -> gate.kind() == GateKind.CSI_DRIVER);
    return usedAll ? 0 : 1;
  }

  private ExplainAnswer all(ExplainQuestion question, String noReplica) throws SnapshotException {
    SnapshotReader reader =
        SnapshotReader.of(cluster.clients().watch(), pauses, ListReader.Progress.NONE);
    Reading<Controller> controller = reader.controller(cluster.namespace());
    Reading<ClusterSnapshot> reading =
        reader.read(new Wanted(controller.value(), KubeSettings.defaults(), false));
    List<String> missing = new ArrayList<>(List.of(sentence(noReplica), ALL_NODES));
    missing.addAll(reading.missing());
    return SnapshotExplain.of(reading.value(), pauses.time(), missing).answer(question, List.of());
  }

  private static String sentence(String clause) {
    return Character.toUpperCase(clause.charAt(0)) + clause.substring(1) + ".";
  }

  private static String clause(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }
}
