// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.explain.answer.Explanation;
import io.nodeqos.explain.answer.Explanation.GateState;
import io.nodeqos.explain.answer.ExplanationJson;
import io.nodeqos.explain.answer.ExplanationText;
import io.nodeqos.explain.fleet.SnapshotFleet;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.fixture.SpinnerFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.text.TextFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeExplainerTest extends ExplainedCluster {
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
        "CSI driver csi.example.com is not registered on the node, and no other driver is",
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
        "Next: see the error of the pull: kubectl -n nodeqos-system describe pod nodeqos-spinner-base-x7k2q",
        e);
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
    policies.add(policy("base", "{'reservation': {'cpu': '1'}, 'warmUp': {'configApplied': {}}}"));

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
}
