// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.explain.answer.Explanation;
import io.nodeqos.explain.answer.ExplanationText;
import io.nodeqos.explain.fleet.NodeFacts;
import io.nodeqos.explain.fleet.SnapshotFleet;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.policy.PolicyObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StateExplanationTest extends ExplainedCluster {
  @Test
  void policyThatIsADryRunIsNamedAsTheOneThatWouldSelect() {
    nodes.add(tainted("node-1").build());
    policies.add(policy("base", "{'dryRun': true, 'warmUp': {'nodeReady': {}}}"));

    Explanation e = explain("node-1");

    assertEquals(
        "no policy in force selects it: policy base would, but is a dry run", e.diagnosis().why());
    assertSecondLine(
        "Next: put policy base into force: kubectl patch nqp base --type merge -p"
            + " '{\"spec\":{\"dryRun\":false}}'",
        e);
  }

  @Test
  void policyThatWaitsForItsFinalizerOrGoesIsNamed() {
    nodes.add(tainted("node-1").build());
    PolicyObject base = policy("base", "{'deletionPolicy': 'Remove', 'warmUp': {'nodeReady': {}}}");
    policies.add(base);
    assertEquals(
        "no policy in force selects it: policy base would, but no leader has set its finalizer yet",
        explain("node-1").diagnosis().why());

    policies.clear();
    policies.add(PolicyFixture.deleting(policy("base", "{'warmUp': {}}"), "example.com/wait"));
    Explanation e = explain("node-1");
    assertEquals(
        "no policy in force selects it: policy base did, but is being deleted",
        e.diagnosis().why());
    assertSecondLine(
        "Next: see the finalizers that policy base waits for: kubectl get nqp base -o"
            + " jsonpath='{.metadata.finalizers}'",
        e);
  }

  @Test
  void clusterWithoutAPolicyInForce() {
    nodes.add(tainted("node-1").build());
    assertEquals(
        "no policy selects it, because the cluster has no NodeQoSPolicy",
        explain("node-1").diagnosis().why());

    policies.add(policy("web", "{'priority': 'high'}"));
    assertEquals(
        "no policy selects it, because no NodeQoSPolicy is in force",
        explain("node-1").diagnosis().why());
  }

  @Test
  void invalidPolicyMayBeTheOneThatIsMissed() {
    nodes.add(tainted("node-1").label("pool", "general").build());
    policies.add(policy("gpu", "{'nodeSelector': {'matchLabels': {'pool': 'gpu'}}, 'warmUp': {}}"));
    policies.add(policy("web", "{'priority': 'high'}"));

    Explanation e = explain("node-1");

    assertTrue(e.diagnosis().why().endsWith(", and policy web is invalid"), e.diagnosis()::why);
    assertTrue(commands(e).contains("kubectl edit nqp web"), () -> commands(e).toString());
  }

  @Test
  void refusalForLackOfRightsIsNoAdmissionPolicy() {
    nodes.add(tainted("node-1").build());
    policies.add(policy("base", "{'warmUp': {'nodeReady': {}}}"));
    SnapshotFleet fleet = fleet();
    NodeFacts facts = fleet.facts("node-1").orElseThrow();

    assertEquals(
        "kubectl apply -f manifests/base/rbac.yaml",
        refused(
            fleet,
            facts,
            "403 nodes \"n\" is forbidden: User \"u\" cannot patch resource \"nodes\""));
    assertTrue(
        refused(fleet, facts, "403 denied by policy fence")
            .startsWith("kubectl get validatingadmissionpolicies,"));
  }

  @Test
  void decisionFromBeforeARebootDoesNotSayForHowLongTheNodeWaits() {
    nodes.add(warm("node-1").boot("boot-2").condition("Ready", "False").build());
    policies.add(policy("base", "{'warmUp': {'nodeReady': {}}}"));
    SnapshotFleet fleet = fleet();
    NodeFacts facts = fleet.facts("node-1").orElseThrow();
    NodeFacts.Decided before =
        new NodeFacts.Decided(
            facts.decided().summary(), NodePhase.WARM, Optional.of(NodeFixture.CREATED), "");

    Explanation.Standing standing =
        new NodeExplainer(fleet, "qos-system")
            .explain(
                new NodeFacts(
                    facts.seen(), facts.config(), before, facts.gates(), facts.policies()),
                new Knowledge(Map.of(), List.of(), List.of()))
            .standing();

    assertEquals(NodePhase.WAITING, standing.phase());
    assertEquals(Optional.empty(), standing.since());
  }

  @Test
  void waitThatNoReplicaHasRecordedHasNoKnownStart() {
    nodes.add(tainted("node-1").condition("Ready", "False").build());
    policies.add(policy("base", "{'warmUp': {'nodeReady': {}}}"));

    Explanation e = explain("node-1");

    assertEquals("node-1 is not warm: the node is not Ready: Test.", ExplanationText.firstLine(e));
    assertEquals(Optional.empty(), e.gates().get(0).since());
  }

  @Test
  void calmIsNotSaidToStartWithTheQuestion() {
    String start = "2026-02-28T23:00:00Z";
    nodes.add(tainted("node-1").annotation(Keys.WARMING_UP_SINCE, start).build());
    nodes.add(
        tainted("node-2")
            .annotation(Keys.WARMING_UP_SINCE, start)
            .condition(new NodeCondition("Ready", "True", "", "", Instant.EPOCH))
            .build());
    policies.add(policy("base", "{'warmUp': {'stableFor': '5m', 'nodeReady': {}}}"));

    Explanation shown = explain("node-1");
    Explanation unknown = explain("node-2");

    assertEquals("Stabilizing", shown.diagnosis().reason());
    assertEquals(
        new Explanation.Stability(Duration.ofMinutes(5), true, Optional.of(Instant.parse(start))),
        shown.standing().stable().orElseThrow());
    assertEquals(
        new Explanation.Stability(Duration.ofMinutes(5), true, Optional.empty()),
        unknown.standing().stable().orElseThrow());
  }

  @Test
  void suspendedPolicy() {
    nodes.add(tainted("node-1").build());
    policies.add(policy("base", "{'suspend': true, 'warmUp': {'nodeReady': {}}}"));

    Explanation e = explain("node-1");

    assertEquals(
        "policy base is suspended, so the controller changes nothing on the node",
        e.diagnosis().why());
    assertSecondLine(
        "Next: end the suspension for all nodes of the policy: kubectl patch nqp base --type merge -p '{\"spec\":{\"suspend\":false}}'",
        e);
  }

  @Test
  void noCapacity() {
    nodes.add(NodeFixture.empty("node-1").taint(TAINT).condition("Ready", "True").build());
    policies.add(policy("base", WAITS_FOR_CNI));

    Explanation e = explain("node-1");

    assertEquals("NoCapacity", e.diagnosis().reason());
    assertSecondLine(
        "Next: see what the kubelet reports: kubectl get node node-1 -o jsonpath='{.status.capacity}'",
        e);
  }

  @Test
  void nodeWithoutPolicyIsNotWarm() {
    nodes.add(tainted("node-1").label("pool", "general").build());
    policies.add(
        policy(
            "gpu",
            "{'nodeSelector': {'matchLabels': {'pool': 'gpu'}}, 'warmUp': {'nodeReady': {}}}"));

    Explanation e = explain("node-1");

    assertEquals(5, e.exitCode(), "nothing warms it up");
    assertEquals(
        "no policy selects it: policy gpu wants the label pool=gpu, and the node has pool=general",
        e.diagnosis().why());
    assertSecondLine(
        "Next: change the labels of the node, or the nodeSelector of a policy; the labels are:"
            + " kubectl get node node-1 --show-labels",
        e);
  }

  @Test
  void policyThatDoesNotWarmUp() {
    nodes.add(node("node-1").build());
    policies.add(policy("base", "{'reservation': {'cpu': '500m'}}"));

    assertEquals(
        "no policy warms it up: base selects it, without a section warmUp",
        explain("node-1").diagnosis().why());
  }

  @Test
  void runbookOfEachReasonHasASection() throws IOException {
    String runbook = Files.readString(Path.of("otel/runbook.md")).toLowerCase(Locale.ROOT);
    nodes.add(tainted("node-1").build());
    nodes.add(NodeFixture.empty("node-2").taint(TAINT).build());
    nodes.add(tainted("node-3").label("pool", "none").build());
    nodes.add(tainted("node-4").label("pool", "csi").build());
    policies.add(
        policy(
            "base",
            """
            {'nodeSelector': {'matchExpressions': [{'key': 'pool', 'operator': 'DoesNotExist'}]},
             'suspend': true, 'warmUp': {'nodeReady': {}}}
            """));
    policies.add(
        policy(
            "csi",
            """
            {'nodeSelector': {'matchLabels': {'pool': 'csi'}},
             'warmUp': {'csiDrivers': [{'name': 'csi.example.com'}]}}
            """));

    for (int i = 1; i <= 4; i++) {
      String last =
          explain("node-" + i).advice().stream()
              .reduce((first, second) -> second)
              .orElseThrow()
              .text();
      String anchor = last.replaceFirst("runbook: otel/runbook.md#", "");
      assertTrue(runbook.contains("\n## " + anchor + "\n"), last);
    }
  }

  private static String refused(SnapshotFleet fleet, NodeFacts facts, String problem) {
    NodeFacts.Decided decided =
        new NodeFacts.Decided(
            facts.decided().summary(), NodePhase.WAITING, Optional.empty(), problem);
    return new NodeExplainer(fleet, "qos-system")
        .explain(
            new NodeFacts(facts.seen(), facts.config(), decided, facts.gates(), facts.policies()),
            new Knowledge(Map.of(), List.of(), List.of()))
        .advice()
        .get(0)
        .command();
  }
}
