// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.explain.Explanation.GateState;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.fixture.SpinnerFixture;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.policy.PolicyObject;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodeExplainerTest {
  private static final String TAINT = "nodeqos.io/warming-up";
  private static final String WAITS_FOR_CNI =
      """
      {'warmUp': {'nodeReady': {}, 'reservedPods': [
         {'namespace': 'kube-system', 'selector': {'matchLabels': {'k8s-app': 'cni'}}}]}}
      """;

  private final FakeTime time = new FakeTime();
  private final List<NodeView> nodes = new ArrayList<>();
  private final List<PodView> pods = new ArrayList<>();
  private final List<DaemonSetView> daemonSets = new ArrayList<>();
  private final List<PolicyObject> policies = new ArrayList<>();
  private final List<SpinnerPod> spinnerPods = new ArrayList<>();
  private final Map<String, Set<String>> csiDrivers = new HashMap<>();
  private final Map<String, PodTrouble> troubles = new HashMap<>();
  private boolean readable = true;

  @Test
  void podInCrashLoopIsNamedWithItsLastEnd() {
    nodes.add(tainted("node-1").build());
    policies.add(policy("base", WAITS_FOR_CNI));
    pods.add(ReservedFixture.pod("cni", false));
    daemonSets.add(ReservedFixture.daemonSet("cni", List.of(ReservedFixture.EVERYTHING)));
    troubles.put("kube-system/cni-x", PodTrouble.of(crashLooping("cni-x")));

    Explanation e = explain("node-1");

    assertEquals(5, e.exitCode());
    assertEquals("ReservedPodsNotReady", e.diagnosis().reason());
    assertEquals(
        "pod kube-system/cni-x is not Ready: CrashLoopBackOff, 7 restarts, last exit code 1 (Error)",
        e.diagnosis().why());
    assertSecondLine(
        "Next: see why its container ended: kubectl -n kube-system logs cni-x -c agent --previous",
        e);
    assertEquals("cannot mount /sys/fs/bpf", e.causes().get(0).quote());
    assertEquals(
        List.of(GateState.OPEN, GateState.CLOSED), e.gates().stream().map(g -> g.state()).toList());
    assertEquals("reservedPods kube-system k8s-app=cni", e.gates().get(1).title());
    assertEquals(Optional.of(TAINT + ":NoSchedule"), e.standing().taint());
  }

  @Test
  void wordsOfAContainerDoNotSteerTheTerminal() {
    nodes.add(tainted("node-1").build());
    policies.add(policy("base", WAITS_FOR_CNI));
    pods.add(ReservedFixture.pod("cni", false));
    troubles.put(
        "kube-system/cni-x",
        new PodTrouble(
            "kube-system",
            "cni-x",
            "agent",
            "Error",
            "no \u001b]0;title\u0007 device",
            0,
            Optional.empty()));

    List<String> lines = new ExplanationText(TextFormat.plain()).lines(explain("node-1"));

    assertTrue(lines.contains("    | no  ]0;title  device"), lines::toString);
  }

  @Test
  void missingTolerationIsNamedWithThePatchThatAddsIt() {
    nodes.add(tainted("node-1").build());
    policies.add(policy("base", WAITS_FOR_CNI));
    daemonSets.add(ReservedFixture.daemonSet("cni", List.of()));

    Explanation e = explain("node-1");

    assertEquals("GateDeadlock", e.diagnosis().reason());
    assertTrue(
        e.diagnosis()
            .why()
            .startsWith("DaemonSet kube-system/cni does not tolerate the startup taint " + TAINT),
        e.diagnosis()::why);
    assertSecondLine(
        "Next: let it tolerate the startup taint: kubectl -n kube-system patch daemonset cni --type json -p"
            + " '[{\"op\":\"add\",\"path\":\"/spec/template/spec/tolerations\","
            + "\"value\":[{\"key\":\"nodeqos.io/warming-up\",\"operator\":\"Exists\"}]}]'",
        e);
  }

  @Test
  void missingCsiDriver() {
    nodes.add(tainted("node-1").build());
    csiDrivers.put("node-1", Set.of());
    policies.add(policy("base", "{'warmUp': {'csiDrivers': [{'name': 'csi.example.com'}]}}"));

    Explanation e = explain("node-1");

    assertEquals(
        "CSI driver csi.example.com is not registered on the node, nor is any other",
        e.diagnosis().why());
    assertSecondLine(
        "Next: find the pod of the driver csi.example.com, and look at its log: kubectl get pods -A -o"
            + " wide --field-selector spec.nodeName=node-1",
        e);
  }

  @Test
  void failedImagePullIsQuoted() {
    nodes.add(tainted("n").build());
    policies.add(
        policy(
            "base", "{'images': [{'ref': 'registry.example.com/a:1'}], 'warmUp': {'images': {}}}"));
    spinnerPods.add(
        SpinnerFixture.waiting(
            "base", "ImagePullBackOff", "pull of registry.example.com/a:1: not found"));

    Explanation e = explain("n");

    assertEquals(
        "image registry.example.com/a:1 cannot be pulled, see pod"
            + " nodeqos-system/nodeqos-spinner-base-x7k2q: ImagePullBackOff",
        e.diagnosis().why());
    assertEquals("pull of registry.example.com/a:1: not found", e.causes().get(0).quote());
    assertSecondLine(
        "Next: see the answer of the registry: kubectl -n nodeqos-system describe pod nodeqos-spinner-base-x7k2q",
        e);
  }

  @Test
  void brakeKeepsANodeWarmAndItsGateIsNamed() {
    nodes.add(warm("node-1").build());
    PolicyObject braked =
        PolicyFixture.withStatus(
            policy(
                "base",
                """
                {'warmUp': {'mode': 'Continuous', 'reservedPods': [
                  {'namespace': 'kube-system', 'selector': {'matchLabels': {'k8s-app': 'cni'}}}]}}
                """),
            PolicyFixture.json(
                "{'brake': {'token': '0123456789', 'confirmed': false, 'nodes': 4, 'warm': 5}}"));
    policies.add(braked);
    pods.add(ReservedFixture.pod("cni", false));

    Explanation e = explain("node-1");

    assertEquals(0, e.exitCode(), "it carries its mark");
    assertEquals("Braked", e.diagnosis().reason());
    assertTrue(
        ExplanationText.firstLine(e)
            .contains(
                ", but only because the brake of policy base is on:"
                    + " pod kube-system/cni-x is not Ready, and 4 of 5 warm nodes would lose their"
                    + " mark at once."),
        () -> ExplanationText.firstLine(e));
    assertTrue(
        commands(e).contains("kubectl annotate --overwrite nqp base nodeqos.io/confirm=0123456789"),
        () -> commands(e).toString());
  }

  private static final String CONTINUOUS =
      """
      {'warmUp': {'mode': 'Continuous', 'stableFor': '5m', 'reservedPods': [
        {'namespace': 'kube-system', 'selector': {'matchLabels': {'k8s-app': 'cni'}}}]}%s}
      """;

  @Test
  void gateOfAWarmNodeThatClosesSaysWhenTheMarkGoes() {
    nodes.add(warm("node-1").build());
    policies.add(policy("base", CONTINUOUS.formatted("")));
    pods.add(ReservedFixture.pod("cni", false));

    assertEquals(
        "but is about to lose its mark in 5m: pod kube-system/cni-x is not Ready",
        explain("node-1").diagnosis().why());
  }

  @Test
  void warmNodeThatIsFrozenLosesNoMark() {
    nodes.add(warm("node-1").build());
    policies.add(policy("base", CONTINUOUS.formatted(", 'suspend': true")));
    pods.add(ReservedFixture.pod("cni", false));

    assertEquals(
        "policy base is suspended, so the controller changes nothing on the node",
        explain("node-1").diagnosis().why());
  }

  @Test
  void gateThatCannotBeReadTakesNoMark() {
    nodes.add(warm("node-1").build());
    policies.add(policy("base", CONTINUOUS.formatted("")));
    readable = false;

    Explanation e = explain("node-1");

    assertEquals("WarmedUp", e.diagnosis().reason());
    assertEquals(GateState.UNKNOWN, e.gates().get(0).state());
  }

  @Test
  void kubeletThatDoesNotReportIsTheCauseOfItsUnreadyPods() {
    nodes.add(
        tainted("node-1")
            .condition(
                new NodeCondition(
                    "Ready",
                    "Unknown",
                    "NodeStatusUnknown",
                    "Kubelet stopped posting node status.",
                    NodeFixture.CREATED))
            .build());
    policies.add(
        policy(
            "base",
            """
            {'warmUp': {'reservedPods': [
              {'namespace': 'kube-system', 'selector': {'matchLabels': {'k8s-app': 'cni'}}}]}}
            """));
    pods.add(ReservedFixture.pod("cni", false));

    Explanation e = explain("node-1");

    assertEquals("NodeNotReady", e.diagnosis().reason());
    assertEquals(
        "its kubelet has not reported since 2026-01-01T00:00:00Z (NodeStatusUnknown), so no gate of"
            + " it can open: pod kube-system/cni-x is not Ready",
        e.diagnosis().why());
    assertSecondLine(
        "Next: see whether the machine runs and reaches the API server; the last report is in:"
            + " kubectl describe node node-1",
        e);
  }

  @Test
  void limitIsAdvisedForTheGateOfTheFirstLine() {
    nodes.add(tainted("node-1").condition("Disk", "False").build());
    policies.add(
        policy(
            "base",
            """
            {'warmUp': {'conditions': [{'type': 'Disk', 'status': 'True'}],
              'reservedPods': [{'namespace': 'kube-system', 'selector': {}}]}}
            """));
    daemonSets.add(ReservedFixture.daemonSet("cni", List.of()));

    Explanation e = explain("node-1");

    assertEquals("GateDeadlock", e.diagnosis().reason());
    assertTrue(
        commands(e).stream().anyMatch(c -> c.contains("/spec/warmUp/reservedPods/0/timeout")),
        () -> commands(e).toString());
  }

  @Test
  void gateWithATimeoutThatHoldsCanBeOpenedByIt() {
    nodes.add(tainted("node-1").build());
    policies.add(
        policy(
            "base", "{'warmUp': {'csiDrivers': [{'name': 'csi.example.com', 'timeout': '10m'}]}}"));

    assertTrue(
        commands(explain("node-1"))
            .contains(
                "kubectl patch nqp base --type json -p"
                    + " '[{\"op\":\"add\",\"path\":\"/spec/warmUp/csiDrivers/0/onTimeout\","
                    + "\"value\":\"Release\"}]'"));
  }

  @Test
  void namespaceThatIsNotReservedMayNotExist() {
    nodes.add(tainted("node-1").build());
    policies.add(
        policy("base", "{'warmUp': {'reservedPods': [{'namespace': 'cni', 'selector': {}}]}}"));

    Explanation e = explain("node-1");

    assertEquals("namespace cni is not reserved, or does not exist", e.diagnosis().why());
    assertSecondLine(
        "Next: mark the namespace as reserved; if there is no such namespace, correct the gate:"
            + " kubectl label namespace cni nodeqos.io/reserved=true",
        e);
  }

  @Test
  void namespaceThatCannotBeReadNamesTheControllerInItsOwnNamespace() {
    nodes.add(tainted("node-1").build());
    policies.add(policy("base", WAITS_FOR_CNI));
    readable = false;

    Explanation e = explain("node-1");

    assertEquals("NamespaceNotReadable", e.diagnosis().reason());
    assertTrue(
        commands(e)
            .contains(
                "kubectl auth can-i list pods -n kube-system --as"
                    + " system:serviceaccount:qos-system:node-qos-controller"),
        () -> commands(e).toString());
  }

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
  void invalidPolicyMayBeTheOneThatIsMissed() {
    nodes.add(tainted("node-1").label("pool", "general").build());
    policies.add(policy("gpu", "{'nodeSelector': {'matchLabels': {'pool': 'gpu'}}, 'warmUp': {}}"));
    policies.add(policy("web", "{'priority': 'high'}"));

    Explanation e = explain("node-1");

    assertTrue(e.diagnosis().why().endsWith(", and policy web is invalid"), e.diagnosis()::why);
    assertTrue(commands(e).contains("kubectl edit nqp web"), () -> commands(e).toString());
  }

  @Test
  void startupTaintThatNoPolicyRemovesKeepsAWarmNodeEmpty() {
    nodes.add(warm("node-1").taint(TAINT).build());
    policies.add(policy("base", "{'warmUp': {'taintKey': 'nodeqos.io/other', 'nodeReady': {}}}"));

    Explanation e = explain("node-1");

    assertEquals(0, e.exitCode());
    assertEquals(
        "but the startup taint nodeqos.io/warming-up:NoSchedule keeps tenants off, and no policy"
            + " removes it: the taintKey of its policy is nodeqos.io/other",
        e.diagnosis().why());
    assertSecondLine(
        "Next: remove it: kubectl taint node node-1 nodeqos.io/warming-up:NoSchedule-", e);
  }

  @Test
  void imageThatIsNotPulledMustBeInTheMachineImage() {
    nodes.add(tainted("n").build());
    policies.add(
        policy(
            "base",
            """
            {'images': [{'ref': 'registry.example.com/a:1', 'pull': 'Never'}],
             'warmUp': {'images': {}}}
            """));

    Explanation e = explain("n");

    assertEquals(
        "image registry.example.com/a:1 is missing, and the policy has pull: Never for it",
        e.diagnosis().why());
    assertSecondLine(
        "Next: put it into the machine image, or let the policy pull it; the node lists: kubectl"
            + " get node n -o jsonpath='{.status.images[*].names}'",
        e);
  }

  @Test
  void kubeletWithoutImageVolumesIsNotAdvisedToLookAtPods() {
    nodes.add(tainted("n").kubelet("v1.29.0").build());
    policies.add(
        policy(
            "base", "{'images': [{'ref': 'registry.example.com/a:1'}], 'warmUp': {'images': {}}}"));

    Explanation e = explain("n");

    assertEquals("ImageWarmUpUnsupported", e.diagnosis().reason());
    assertTrue(
        e.advice().get(0).text().startsWith("enable the feature gate ImageVolume"),
        () -> e.advice().toString());
  }

  @Test
  void nodeThatIsNotDecidedYetIsNotCountedAsWarm() {
    SnapshotFleet empty = fleet();
    Fleet.Member undecided =
        new Fleet.Member(
            node("node-1").build(),
            NodePhase.PENDING,
            Fleet.NOT_DECIDED,
            NodeMemory.NONE,
            Optional.of(time.source().steadyTime()));
    Instant since = time.instant();
    time.advance(Duration.ofSeconds(30));
    Fleet fleet =
        new Fleet() {
          @Override
          public Stream<Member> members() {
            return Stream.of(undecided);
          }

          @Override
          public ReservedState reserved(String node) {
            return empty.reserved(node);
          }
        };

    FleetExplanation all = new FleetExplainer(fleet, time.source()).all(List.of(), List.of());

    assertEquals(5, all.exitCode());
    assertEquals("NotDecided", all.groups().get(0).reason());
    assertEquals(Optional.of(since), all.groups().get(0).since());
  }

  @Test
  void sumNamesTheReasonOfTheNamespace() {
    nodes.add(tainted("node-1").build());
    policies.add(
        policy("base", "{'warmUp': {'reservedPods': [{'namespace': 'cni', 'selector': {}}]}}"));

    FleetExplanation all = new FleetExplainer(fleet(), time.source()).all(List.of(), List.of());

    assertEquals("NamespaceNotReserved", all.groups().get(0).reason());
    assertEquals("namespace cni", all.groups().get(0).blocker());
  }

  @Test
  void policyThatSelectsNoNodeHasProvedNothing() {
    policies.add(policy("base", "{'warmUp': {'nodeReady': {}}}"));

    FleetExplanation none =
        new FleetExplainer(fleet(), time.source()).ofPolicy("base", List.of(), List.of());

    assertEquals(5, none.exitCode());
    assertEquals(
        "No node follows policy base.",
        FleetExplanationText.lines(none, TextFormat.plain()).get(0));
  }

  @Test
  void refusalForLackOfRightsIsNoAdmissionPolicy() {
    nodes.add(tainted("node-1").build());
    policies.add(policy("base", "{'warmUp': {'nodeReady': {}}}"));
    SnapshotFleet fleet = fleet();
    NodeFacts facts = fleet.facts("node-1").orElseThrow();

    assertEquals(
        "kubectl apply -f manifests/base/rbac.yaml",
        refused(fleet, facts, "403 nodes \"n\" is forbidden: User \"u\" cannot patch resource \"nodes\""));
    assertTrue(
        refused(fleet, facts, "403 denied by policy fence")
            .startsWith("kubectl get validatingadmissionpolicies,"));
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

  @Test
  void decisionFromBeforeARebootDoesNotSayForHowLongTheNodeWaits() {
    nodes.add(warm("node-1").boot("boot-2").condition("Ready", "False").build());
    policies.add(policy("base", "{'warmUp': {'nodeReady': {}}}"));
    SnapshotFleet fleet = fleet();
    NodeFacts facts = fleet.facts("node-1").orElseThrow();
    NodeFacts.Decided before =
        new NodeFacts.Decided(
            facts.decided().summary(),
            NodePhase.WARM,
            Optional.of(NodeFixture.CREATED),
            "");

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
  void warmNodeSaysSoInOneLine() {
    nodes.add(warm("node-1").build());
    policies.add(policy("base", WAITS_FOR_CNI));

    Explanation e = explain("node-1");

    assertEquals(0, e.exitCode());
    List<String> lines = new ExplanationText(TextFormat.plain()).lines(e);
    assertTrue(lines.get(0).startsWith("node-1 is warm"), lines::toString);
    assertEquals("", lines.get(1), "there is nothing to do");
    assertEquals(List.of(), e.gates(), "they no longer count");
  }

  @Test
  void othersThatWaitForTheSameAreNamedWithTheOneThingThatSeparatesThem() {
    policies.add(policy("base", "{'warmUp': {'nodeReady': {}}}"));
    for (int i = 1; i <= 3; i++) {
      nodes.add(
          tainted("bad-" + i)
              .uid("bad-" + i)
              .condition("Ready", "False")
              .label("topology.kubernetes.io/zone", "a")
              .label("eks.amazonaws.com/nodegroup-image", "ami-2")
              .build());
      nodes.add(
          warm("good-" + i)
              .label("topology.kubernetes.io/zone", i == 1 ? "a" : "b")
              .label("eks.amazonaws.com/nodegroup-image", "ami-1")
              .build());
    }

    Explanation.Peers peers = explain("bad-1").causes().get(0).peers();

    assertEquals(List.of("bad-2", "bad-3"), peers.nodes());
    assertEquals(
        "All 3 have machine image ami-2; none of the 3 warm nodes of the policy has it.",
        peers.inCommon());
  }

  @Test
  void allPropertiesThatSeparateTheNodesAreNamed() {
    policies.add(policy("base", "{'warmUp': {'nodeReady': {}}}"));
    for (int i = 1; i <= 3; i++) {
      nodes.add(
          tainted("bad-" + i)
              .condition("Ready", "False")
              .osImage("Ubuntu 24.04")
              .label("topology.kubernetes.io/zone", "a")
              .build());
      nodes.add(
          warm("good-" + i)
              .osImage("Ubuntu 22.04")
              .label("topology.kubernetes.io/zone", "b")
              .build());
    }

    Explanation.Peers peers = explain("bad-1").causes().get(0).peers();

    assertEquals(Map.of("zone", "a", "OS image", "Ubuntu 24.04"), peers.common());
    assertEquals(
        "All 3 have zone a and OS image Ubuntu 24.04; none of the 3 warm nodes of the policy has"
            + " any of them.",
        peers.inCommon());
  }

  @Test
  void nodesThatAnotherPolicyWarmsUpAreNotCompared() {
    policies.add(policy("base", "{'reservation': {'cpu': '1'}, 'warmUp': {'nodeReady': {}}}"));
    policies.add(
        policy(
            "other",
            """
            {'priority': 100, 'nodeSelector': {'matchLabels': {'pool': 'other'}},
             'warmUp': {'nodeReady': {}}}
            """));
    for (int i = 1; i <= 5; i++) {
      nodes.add(
          tainted("bad-" + i)
              .condition("Ready", "False")
              .label("topology.kubernetes.io/zone", "a")
              .build());
      nodes.add(
          warm("good-" + i)
              .label("topology.kubernetes.io/zone", "b")
              .label("pool", "other")
              .created(PolicyFixture.CREATED)
              .annotation(Keys.WARMED_UP_AT, PolicyFixture.CREATED.plusSeconds(10).toString())
              .build());
    }

    Explanation e = explain("bad-1");

    assertEquals(Map.of(), e.causes().get(0).peers().common(), "base warms none of them up");
    assertEquals(Optional.empty(), e.standing().usual());
  }

  @Test
  void usualTimeIsThatOfWarmNodesThatWereNotRebootedLater() {
    policies.add(policy("base", "{'warmUp': {'nodeReady': {}}}"));
    nodes.add(tainted("bad").condition("Ready", "False").build());
    for (int i = 1; i <= 6; i++) {
      nodes.add(
          warm("good-" + i)
              .created(PolicyFixture.CREATED)
              .annotation(
                  Keys.WARMED_UP_AT,
                  PolicyFixture.CREATED.plusSeconds(i == 6 ? 90_000 : 10 * i).toString())
              .build());
    }

    assertEquals(
        Optional.of(new UsualTime(Duration.ofSeconds(50), 5)), explain("bad").standing().usual());
  }

  @Test
  void propertyThatAWarmNodeHasAsWellSeparatesNothing() {
    policies.add(policy("base", "{'warmUp': {'nodeReady': {}}}"));
    for (int i = 1; i <= 3; i++) {
      nodes.add(
          tainted("bad-" + i)
              .condition("Ready", "False")
              .label("topology.kubernetes.io/zone", "a")
              .build());
      nodes.add(warm("good-" + i).label("topology.kubernetes.io/zone", i == 1 ? "a" : "b").build());
    }

    assertEquals("", explain("bad-1").causes().get(0).peers().inCommon());
  }

  @Test
  void eachSectionNamesItsPolicyAndThoseItWonOver() {
    nodes.add(node("node-1").build());
    policies.add(policy("base", "{'warmUp': {'nodeReady': {}}, 'reservation': {'cpu': '1'}}"));
    policies.add(policy("gpu", "{'priority': 100, 'warmUp': {'nodeReady': {}}}"));

    Map<String, Explanation.Source> sections = explain("node-1").configuration().sections();

    assertEquals(new Explanation.Source("gpu", 100, List.of("base")), sections.get("warmUp"));
    assertEquals(new Explanation.Source("base", 0, List.of()), sections.get("reservation"));
  }

  @Test
  void agentThatHasAppliedAnotherVersionIsNamed() {
    nodes.add(
        tainted("node-1")
            .label(Keys.CONFIG_VERSION, "1111111111")
            .annotation(Keys.APPLIED_VERSION, "0000000000")
            .build());
    policies.add(
        policy("base", "{'reservation': {'cpu': '1'}, 'warmUp': {'configApplied': {}}}"));

    List<String> lines = new ExplanationText(TextFormat.plain()).lines(explain("node-1"));

    assertTrue(
        lines.stream()
            .anyMatch(
                line ->
                    line.contains(
                        ", the node carries 1111111111, its agent has applied 0000000000")),
        lines::toString);
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

  @Test
  void sumsNameTheDaemonSetThatSeveralPodsBelongTo() {
    policies.add(policy("base", WAITS_FOR_CNI));
    daemonSets.add(ReservedFixture.daemonSet("cni", List.of()));
    nodes.add(tainted("node-1").build());
    nodes.add(tainted("node-2").build());
    nodes.add(warm("node-3").build());

    FleetExplanation all = new FleetExplainer(fleet(), time.source()).all(List.of(), List.of());

    assertEquals(3, all.nodes());
    assertEquals(1, all.warm());
    assertEquals(5, all.exitCode());
    assertEquals(
        List.of("DaemonSet kube-system/cni GateDeadlock [node-1, node-2]"),
        all.groups().stream().map(g -> g.blocker() + " " + g.reason() + " " + g.nodes()).toList());
    assertEquals(
        "2 of 3 nodes are not warm, for 1 reason.",
        FleetExplanationText.lines(all, TextFormat.plain()).get(0));
  }

  @Test
  void jsonHasTheFieldsOfTheText() {
    nodes.add(tainted("node-1").build());
    policies.add(policy("base", WAITS_FOR_CNI));
    pods.add(ReservedFixture.pod("cni", false));

    SnapshotFleet fleet = fleet();
    Explanation e =
        new NodeExplainer(fleet, "qos-system")
            .explain(
                fleet.facts("node-1").orElseThrow(),
                new Knowledge(
                    troubles,
                    List.of(
                        new Explanation.Event(time.instant(), "CONFIG_UPDATED", "It was written.")),
                    List.of()));

    JsonObject json = ExplanationJson.of(e);
    assertEquals(
        time.instant().toString(), json.getAsJsonObject("config").get("writtenAt").getAsString());
    JsonObject ready = json.getAsJsonArray("gates").get(0).getAsJsonObject();
    assertEquals("nodeReady", ready.get("title").getAsString());
    assertEquals("Ready", ready.get("evidence").getAsString());

    assertEquals("waiting", json.get("phase").getAsString());
    assertEquals(
        "Closed", json.getAsJsonArray("gates").get(1).getAsJsonObject().get("state").getAsString());
    assertEquals(
        "cni-x",
        json.getAsJsonArray("blockers")
            .get(0)
            .getAsJsonObject()
            .getAsJsonObject("object")
            .get("name")
            .getAsString());
  }

  private static void assertSecondLine(String expected, Explanation e) {
    assertEquals(expected, new ExplanationText(TextFormat.plain()).lines(e).get(1));
  }

  private static List<String> commands(Explanation e) {
    return e.advice().stream().map(Explanation.Advice::command).toList();
  }

  private NodeFixture tainted(String name) {
    return node(name).taint(TAINT);
  }

  private static NodeFixture warm(String name) {
    return node(name)
        .label(Keys.WARMED_UP, "true")
        .annotation(Keys.WARMED_UP_FOR, "uid-1/boot-1")
        .annotation(Keys.WARMED_UP_AT, "2026-02-01T00:10:00Z");
  }

  private static JsonObject crashLooping(String name) {
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

  private Explanation explain(String node) {
    SnapshotFleet fleet = fleet();
    return new NodeExplainer(fleet, "qos-system")
        .explain(fleet.facts(node).orElseThrow(), new Knowledge(troubles, List.of(), List.of()));
  }

  private SnapshotFleet fleet() {
    ClusterSnapshot snapshot =
        new ClusterSnapshot(
            time.instant(),
            new Controller("nodeqos-system", Optional.empty()),
            nodes,
            csiDrivers,
            Map.of("kube-system", new ReservedNamespace(readable, pods, daemonSets)),
            new Policies(policies, List.of()),
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
