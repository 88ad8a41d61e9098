// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.warning;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.ReservedFixture.daemonSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.preview.PreviewFixture;
import io.nodeqos.preview.warning.Warning.Code;
import io.nodeqos.preview.warning.Warning.Detail;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WarningsTest {
  private static final String QUOTA =
      "{'quota': {'classes': [{'name': 'batch', 'advertise': {'cpu': '50%'}}]}}";

  private final PreviewFixture cluster = new PreviewFixture();

  @Test
  void aResourceBelowTheRequestsOfItsPodsListsThem() {
    Warning warning =
        only(
            cluster
                .policy("base", QUOTA)
                .node(node("a"))
                .node(node("b"))
                .converged()
                .request("infer-1", "a", "nodeqos.io/batch-cpu", 1500)
                .request("infer-2", "a", "nodeqos.io/batch-cpu", 1000)
                .request("infer-3", "b", "nodeqos.io/batch-cpu", 2000)
                .plan("base", QUOTA.replace("50%", "25%"))
                .warnings());

    assertEquals(Code.RESOURCE_BELOW_REQUESTS, warning.code());
    assertEquals("base", warning.policy());
    assertEquals(List.of("a"), warning.nodes());
    assertEquals(
        List.of(
            new Detail(
                "a: 2000 is less than 2500", List.of("tenant-a/infer-1", "tenant-a/infer-2"))),
        warning.details());
  }

  @Test
  void aResourceThatGoesAwayIsBelowTheRequests() {
    Warning warning =
        only(
            cluster
                .policy("base", QUOTA)
                .node(node("a"))
                .converged()
                .request("infer-1", "a", "nodeqos.io/batch-cpu", 1)
                .plan("base", "{'quota': {'classes': [{'name': 'other'}]}}")
                .warnings());

    assertEquals(
        List.of(new Detail("a: 0 is less than 1", List.of("tenant-a/infer-1"))), warning.details());
  }

  @Test
  void aShortageThatThereIsAlreadyIsNoFaultOfTheEdit() {
    assertEquals(
        List.of(),
        cluster
            .policy("base", QUOTA)
            .node(node("a"))
            .converged()
            .request("infer-1", "a", "nodeqos.io/batch-cpu", 9000)
            .plan("base", "{'priority': 7, " + QUOTA.substring(1))
            .warnings());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"csiDrivers\": [{\"name\": \"nvme.example.com\"}]"
            + "|Gate csiDrivers nvme.example.com: the CSI driver is registered on no node of"
            + " the policy. A node that warms up waits for ever (no timeout).",
        "\"conditions\": [{\"type\": \"GpuReady\", \"timeout\": \"5m\"}]"
            + "|Gate conditions GpuReady: no node of the policy has the condition GpuReady. A"
            + " node that warms up waits for ever (onTimeout is Hold).",
        "\"resources\": [{\"name\": \"example.com/gpu\"}]"
            + "|Gate resources example.com/gpu: no node of the policy has the resource"
            + " example.com/gpu. A node that warms up waits for ever (no timeout).",
        "\"reservedPods\": [{\"namespace\": \"storage\"}]"
            + "|Gate reservedPods of storage: namespace storage does not exist, or is not reserved"
            + " (label nodeqos.io/reserved: \"true\"). A node that warms up waits for ever (no"
            + " timeout).",
        "\"reservedPods\": [{\"namespace\": \"kube-system\", \"selector\": {\"matchLabels\":"
            + " {\"k8s-app\": \"csi\"}}}]"
            + "|Gate reservedPods of kube-system: no DaemonSet and no pod in namespace kube-system"
            + " matches k8s-app=csi. A node that warms up waits for ever (no timeout)."
      })
  void aGateThatNothingCanOpen(String gate, String message) {
    Warning warning =
        only(
            cluster
                .node(node("a"))
                .node(node("b"))
                .plan("base", "{\"warmUp\": {" + gate + "}}")
                .warnings());

    assertEquals(Code.GATE_CANNOT_OPEN, warning.code());
    assertEquals(message, warning.message());
    assertEquals(List.of("a", "b"), warning.nodes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"csiDrivers\": [{\"name\": \"csi.example.com\"}]",
        "\"csiDrivers\": [{\"name\": \"no\", \"timeout\": \"5m\", \"onTimeout\": \"Release\"}]",
        "\"conditions\": [{\"type\": \"Ready\"}]",
        "\"resources\": [{\"name\": \"cpu\"}]",
        "\"reservedPods\": [{\"namespace\": \"kube-system\"}]",
        "\"nodeReady\": {}",
        "\"images\": {}",
        "\"configApplied\": {}"
      })
  void aGateThatMayOpen(String gate) {
    assertEquals(
        List.of(),
        cluster
            .node(node("a"))
            .csiDriver("a", "csi.example.com")
            .daemonSet(daemonSet("cni", List.of(ReservedFixture.EVERYTHING)))
            .plan("base", "{\"warmUp\": {" + gate + "}}")
            .warnings());
  }

  @Test
  void configAppliedNeedsAnAgent() {
    Warning warning =
        only(
            cluster
                .node(node("a"))
                .plan("base", "{'warmUp': {'configApplied': {}}, " + QUOTA.substring(1))
                .warnings());

    assertTrue(warning.message().contains(Keys.APPLIED_VERSION), warning.message());
  }

  @Test
  void aDaemonSetWithoutATolerationIsKeptOff() {
    Warning warning =
        only(
            cluster
                .node(node("a"))
                .daemonSet(daemonSet("csi", List.of()))
                .daemonSet(daemonSet("cni", List.of(ReservedFixture.EVERYTHING)))
                .plan("base", "{'warmUp': {'reservedPods': [{'namespace': 'kube-system'}]}}")
                .warnings());

    assertEquals(Code.DAEMON_SET_KEPT_OFF, warning.code());
    assertEquals("kube-system/csi", warning.subject());
    assertEquals(List.of("a"), warning.nodes());
  }

  @Test
  void aDaemonSetThatIsKeptOffOnlyUntilTheGateIsReleased() {
    Warning warning =
        only(
            cluster
                .node(node("a"))
                .daemonSet(daemonSet("csi", List.of()))
                .plan(
                    "base",
                    "{'warmUp': {'reservedPods': [{'namespace': 'kube-system', 'timeout': '5m',"
                        + " 'onTimeout': 'Release'}]}}")
                .warnings());

    assertTrue(
        warning
            .message()
            .endsWith("the taint waits for the pod, until the gate is released after 5m."),
        warning.message());
  }

  @Test
  void aReservationLargerThanASmallNode() {
    Warning warning =
        only(
            cluster
                .node(node("large"))
                .node(node("small").resource("memory", "2Gi"))
                .plan("base", "{'reservation': {'memory': '4Gi'}}")
                .warnings());

    assertEquals(Code.NOT_CONFIGURED, warning.code());
    assertEquals(List.of("small"), warning.nodes());
    assertTrue(
        warning
            .message()
            .startsWith(
                "Node small cannot be configured: the reservation of 4Gi memory leaves nothing of"
                    + " the node's 2Gi."),
        warning.message());
  }

  @Test
  void aSelectorThatSelectsNothing() {
    Warning warning =
        only(
            cluster
                .node(node("a"))
                .plan("gpu", "{'nodeSelector': {'matchLabels': {'pool': 'gpu'}}}")
                .warnings());

    assertEquals(Code.SELECTS_NOTHING, warning.code());
    assertEquals("The nodeSelector of policy gpu selects none of the 1 nodes.", warning.message());
  }

  @Test
  void aSectionThatNeverWins() {
    Warning warning =
        only(
            cluster
                .policy("base", "{'priority': 5, " + QUOTA.substring(1))
                .node(node("a"))
                .converged()
                .plan("gpu", "{'reservation': {'cpu': '1'}, " + QUOTA.substring(1))
                .warnings());

    assertEquals(Code.NEVER_WINS, warning.code());
    assertEquals("quota", warning.subject());
    assertEquals(
        "Section quota of policy gpu has no effect: on the only node that it selects, another"
            + " policy sets it (base with priority 5; priority of this one 0).",
        warning.message());
  }

  @ParameterizedTest
  @CsvSource({
    "karpenter.sh/nodepool, nodeqos.io/warming-up, Karpenter",
    "eks.amazonaws.com/nodegroup, nodeqos.io/warming-up, the Cluster Autoscaler",
  })
  void aTaintThatTheProvisionerTakesForPermanent(String label, String key, String provisioner) {
    Warning warning =
        only(
            cluster
                .node(node("a").label(label, "x"))
                .plan("base", "{'warmUp': {'taintKey': '" + key + "'}}")
                .warnings());

    assertEquals(Code.TAINT_NOT_TEMPORARY, warning.code());
    assertTrue(warning.message().contains(provisioner), warning.message());
  }

  @Test
  void aTaintThatTheAutoscalerKnows() {
    assertEquals(
        List.of(),
        cluster
            .node(node("a").label("eks.amazonaws.com/nodegroup", "x"))
            .plan(
                "base", "{'warmUp': {'taintKey': '" + Keys.AUTOSCALER_STARTUP_TAINT_PREFIX + "x'}}")
            .warnings());
  }

  @Test
  void aWarningThatHoldsWithoutTheEditIsNotRepeated() {
    String spec = "{'warmUp': {'csiDrivers': [{'name': 'nvme.example.com'}]}%s}";
    assertEquals(
        List.of(),
        cluster
            .policy("base", spec.formatted(""))
            .node(node("a"))
            .converged()
            .plan("base", spec.formatted(", 'priority': 3"))
            .warnings());
  }

  @Test
  void nodesThatADeletionLeavesToAnotherPolicyCount() {
    Warning warning =
        only(
            cluster
                .policy("base", "{'reservation': {'memory': '4Gi'}}")
                .policy(
                    "small",
                    "{'priority': 9, 'nodeSelector': {'matchLabels': {'size': 'small'}},"
                        + " 'reservation': {'memory': '1Gi'}}")
                .node(node("large"))
                .node(node("small").label("size", "small").resource("memory", "2Gi"))
                .converged()
                .planDeletion("small")
                .warnings());

    assertEquals(Code.NOT_CONFIGURED, warning.code());
    assertEquals("base", warning.policy());
    assertEquals(List.of("small"), warning.nodes());
  }

  @Test
  void aSectionThatTheEditTakesFromAnotherPolicy() {
    Warning warning =
        only(
            cluster
                .policy("base", QUOTA)
                .node(node("a"))
                .converged()
                .plan("gpu", "{'priority': 9, " + QUOTA.substring(1))
                .warnings());

    assertEquals(Code.NEVER_WINS, warning.code());
    assertEquals("base", warning.policy());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nodeqos.io/warming-up", "startup-taint.cluster-autoscaler.kubernetes.io/agent"})
  void aStartupTaintThatTheDeletionLeavesOnWaitingNodes(String key) {
    cluster
        .policy("base", "{'warmUp': {'taintKey': '" + key + "', 'conditions': [{'type': 'A'}]}}")
        .node(node("waits").taint(key))
        .node(node("not-tainted"))
        .converged();
    Warning warning = only(cluster.planDeletion("base").warnings());

    assertEquals(Code.TAINT_LEFT_BEHIND, warning.code());
    assertEquals(List.of("waits"), warning.nodes());
    assertEquals(
        "Node waits is not warm and keeps the startup taint "
            + key
            + ":NoSchedule, which no policy would remove: pods that do not tolerate it never come."
            + " To remove it: kubectl taint node NODE "
            + key
            + ":NoSchedule-",
        warning.message());
    assertEquals(
        List.of(),
        cluster
            .plan(
                "other", "{'priority': 9, 'warmUp': {'taintKey': '" + key + "', 'nodeReady': {}}}")
            .warnings()
            .stream()
            .filter(w -> w.code() == Code.TAINT_LEFT_BEHIND)
            .toList());
  }

  private static Warning only(List<Warning> warnings) {
    assertEquals(1, warnings.size(), warnings.toString());
    return warnings.get(0);
  }
}
