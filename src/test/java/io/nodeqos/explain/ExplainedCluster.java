// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import static io.nodeqos.fixture.NodeFixture.node;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import io.nodeqos.explain.answer.Explanation;
import io.nodeqos.explain.answer.ExplanationText;
import io.nodeqos.explain.fleet.SnapshotFleet;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.preview.ClusterSnapshot.Controller;
import io.nodeqos.preview.ClusterSnapshot.Policies;
import io.nodeqos.preview.ClusterSnapshot.ReservedNamespace;
import io.nodeqos.preview.ClusterSnapshot.Spinners;
import io.nodeqos.preview.FleetPlanner;
import io.nodeqos.preview.SnapshotCluster;
import io.nodeqos.reconcile.ReconcileSettings;
import io.nodeqos.reconcile.images.SpinnerSettings;
import io.nodeqos.text.TextFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A snapshot of a cluster, whose nodes a test has explained. */
abstract class ExplainedCluster {
  static final String TAINT = "nodeqos.io/warming-up";
  static final String WAITS_FOR_CNI =
      """
      {'warmUp': {'nodeReady': {}, 'reservedPods': [
         {'namespace': 'kube-system', 'selector': {'matchLabels': {'k8s-app': 'cni'}}}]}}
      """;

  final FakeTime time = new FakeTime();
  final List<NodeView> nodes = new ArrayList<>();
  final List<PodView> pods = new ArrayList<>();
  final List<DaemonSetView> daemonSets = new ArrayList<>();
  final List<PolicyObject> policies = new ArrayList<>();
  final List<PolicyRevision> revisions = new ArrayList<>();
  final List<SpinnerPod> spinnerPods = new ArrayList<>();
  final Map<String, Set<String>> csiDrivers = new HashMap<>();
  final Map<String, PodTrouble> troubles = new HashMap<>();
  boolean readable = true;

  static void assertSecondLine(String expected, Explanation e) {
    assertEquals(expected, new ExplanationText(TextFormat.plain()).lines(e).get(1));
  }

  static List<String> commands(Explanation e) {
    return e.advice().stream().map(Explanation.Advice::command).toList();
  }

  NodeFixture tainted(String name) {
    return node(name).taint(TAINT);
  }

  static NodeFixture warm(String name) {
    return node(name)
        .label(Keys.WARMED_UP, "true")
        .annotation(Keys.WARMED_UP_FOR, "uid-1/boot-1")
        .annotation(Keys.WARMED_UP_AT, "2026-02-01T00:10:00Z");
  }

  static JsonObject crashLooping(String name) {
    return PolicyFixture.json(
        """
        {'metadata': {'namespace': 'kube-system', 'name': '%s'},
         'status': {'phase': 'Running',
           'conditions': [{'type': 'PodScheduled', 'status': 'True'}],
           'containerStatuses': [
             {'name': 'sidecar', 'ready': true, 'restartCount': 0, 'state': {'running': {}}},
             {'name': 'agent', 'ready': false, 'restartCount': 7,
              'state': {'waiting': {'reason': 'CrashLoopBackOff', 'message': 'back-off 5m0s'}},
              'lastState': {'terminated': {'exitCode': 1, 'reason': 'Error',
                'message': 'starting\\ncannot mount /sys/fs/bpf\\n'}}}]}}
        """
            .formatted(name));
  }

  Explanation explain(String node) {
    SnapshotFleet fleet = fleet();
    return new NodeExplainer(fleet, "qos-system")
        .explain(fleet.facts(node).orElseThrow(), new Knowledge(troubles, List.of(), List.of()));
  }

  SnapshotFleet fleet() {
    ClusterSnapshot snapshot =
        new ClusterSnapshot(
            time.instant(),
            new Controller("nodeqos-system", Optional.empty()),
            nodes,
            csiDrivers,
            Map.of("kube-system", new ReservedNamespace(readable, pods, daemonSets)),
            new Policies(policies, revisions),
            new Spinners(List.of(), spinnerPods),
            Optional.empty());
    return SnapshotFleet.of(
        SnapshotCluster.of(snapshot),
        FleetPlanner.catalog(snapshot.policies()),
        ReconcileSettings.DEFAULTS,
        SpinnerSettings.DEFAULTS,
        time.source());
  }
}
