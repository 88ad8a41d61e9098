// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.policies;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.fixture.Kstatus;
import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * What {@code kubectl get nqp} and {@code kubectl wait} may be trusted with. What was typed and
 * printed is kept in {@code target/e2e/policy-*.txt}, which the page of operations quotes.
 */
@RealApi
class PolicyStatusIT {
  private static final String POLICIES =
      """
      apiVersion: nodeqos.io/v1alpha1
      kind: NodeQoSPolicy
      metadata: {name: base}
      spec:
        reservation: {cpu: 200m}
        warmUp: {nodeReady: {}}
      ---
      apiVersion: nodeqos.io/v1alpha1
      kind: NodeQoSPolicy
      metadata: {name: gpu}
      spec:
        priority: 100
        nodeSelector: {matchLabels: {pool: gpu}}
        quota:
          classes:
          - {name: gold, cpu: {weight: 400}}
      """;
  private static final String REFUSAL =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata: {name: no-warm-nodes}
      spec:
        failurePolicy: Fail
        matchConstraints:
          resourceRules:
          - {apiGroups: [""], apiVersions: [v1], operations: [UPDATE], resources: [nodes]}
        validations:
        - expression: >-
            !has(object.metadata.labels) || !('nodeqos.io/warmed-up' in object.metadata.labels) ||
            'nodeqos.io/warmed-up' in oldObject.metadata.labels
          message: nobody marks nodes today
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata: {name: no-warm-nodes}
      spec:
        policyName: no-warm-nodes
        validationActions: [Deny]
      """;
  private static final List<String> NODES = List.of("general-1", "gpu-1", "gpu-2");

  private final StringBuilder transcript = new StringBuilder();
  private final ControlPlane plane;
  private final Installation installation;
  private final Replica replica;

  PolicyStatusIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
    this.replica =
        installation.replica(
            Installation.NAME + "-" + UUID.randomUUID().toString().substring(0, 5));
  }

  @BeforeEach
  void policiesAndNodesAreThere() {
    installation.removeLease();
    Poll.until(
        "complete kubectl apply",
        () -> plane.kubectlWith(POLICIES, "apply", "--server-side", "-f", "-"),
        applied -> applied.code() == 0);
    // The policy "base" selects every node: one that another test left would be counted.
    plane.kubectl("delete", "node", "--all").succeeded();
    NODES.forEach(node -> node(node, !node.equals("gpu-2")));
  }

  @AfterEach
  void removeAll(TestInfo test) throws IOException {
    Path directory = Files.createDirectories(Path.of("target", "e2e"));
    String name = test.getTestMethod().orElseThrow().getName();
    Files.writeString(directory.resolve("policy-" + name + ".txt"), transcript);
    installation.remove(replica);
    plane.kubectlWith(POLICIES, "delete", "--ignore-not-found", "--wait=false", "-f", "-");
    plane.kubectlWith(REFUSAL, "delete", "--ignore-not-found", "--wait=false", "-f", "-");
    plane.kubectl(
        Stream.concat(Stream.of("delete", "node", "--ignore-not-found"), NODES.stream())
            .toArray(String[]::new));
  }

  @Test
  void suspensionIsReportedByEachPolicyOfTheNodesAndKeepsTheCounts() {
    try (ControllerRun controller = ControllerRun.start(plane, replica)) {
      showUntil("NotAllNodes NodesPending 3 3 2 1", "get", "nqp");

      show("patch", "nqp", "base", "--type", "merge", "-p", "{\"spec\":{\"suspend\":true}}");
      show("wait", "--for=condition=Suspended", "nqp/base", "--timeout=30s");
      showUntil("gpu 100 True False Frozen Frozen 2 2 1 1", "get", "nqp");
      String table = show("get", "nqp", "-o", "wide").replaceAll(" +", " ");
      String base = conditions("base");
      String gpu = conditions("gpu");
      String events = showUntil("Normal PolicySuspended", "describe", "nqp", "base");

      show("patch", "nqp", "base", "--type", "merge", "-p", "{\"spec\":{\"suspend\":false}}");
      node("gpu-2", true);
      show("wait", "--for=condition=Available", "nqp/base", "nqp/gpu", "--timeout=60s");
      String after = showUntil("gpu 100 True True AllNodes Settled 2 2 2 0", "get", "nqp");

      assertAll(
          () ->
              assertTrue(table.contains("base 0 True False Suspended Suspended 3 3 2 1 3"), table),
          () ->
              assertTrue(
                  base.matches(
                      "(?s).*Progressing False Suspended The policy has been suspended since"
                          + " \\S+Z: 3 nodes are frozen as they are \\(2 warm\\)\\..*"),
                  base),
          () ->
              assertTrue(
                  gpu.contains(
                      "Progressing False Frozen 2 nodes are frozen as they are (1 warm): policy"
                          + " base is suspended."),
                  gpu),
          () -> assertTrue(events.contains("3 nodes are frozen as they are (2 warm)."), events),
          () -> assertTrue(after.replaceAll(" +", " ").contains("AllNodes Settled 3 3 3 0"), after),
          () -> assertEquals(List.of(), controller.complaints()));
    }
  }

  @Test
  void newPolicyIsInProgressUntilAControllerHasReconciledIt() {
    String fresh = plane.kubectl("get", "nqp", "base", "-o", "json").succeeded().out();
    assertEquals(Kstatus.Result.IN_PROGRESS, kstatus(fresh), fresh);
    assertTrue(
        conditions("base").startsWith("Ready Unknown NotReconciled"), () -> conditions("base"));
    assertNotEquals(
        0, plane.kubectl("wait", "--for=condition=Ready", "nqp/base", "--timeout=1s").code());

    node("gpu-2", true);
    try (ControllerRun controller = ControllerRun.start(plane, replica)) {
      plane.kubectl("wait", "--for=condition=Ready", "nqp/base", "--timeout=60s").succeeded();
      String done = plane.kubectl("get", "nqp", "base", "-o", "json").succeeded().out();
      assertEquals(Kstatus.Result.CURRENT, kstatus(done), done);
      assertTrue(!done.contains("1970"), "no time of the default is left: " + done);
      assertEquals(List.of(), controller.complaints());
    }
  }

  private static Kstatus.Result kstatus(String policy) {
    return Kstatus.of(JsonParser.parseString(policy).getAsJsonObject());
  }

  @Test
  void kubectlWaitForAvailableReturnsOnceTheNodesCarryTheConfiguration() {
    node("gpu-2", true);
    try (ControllerRun controller = ControllerRun.start(plane, replica)) {
      available();
      for (int cpu = 3; cpu <= 7; cpu++) {
        List<String> before = versions();
        String spec = "{\"spec\":{\"reservation\":{\"cpu\":\"" + cpu + "00m\"}}}";
        plane.kubectl("patch", "nqp", "base", "--type", "merge", "-p", spec).succeeded();
        available();
        List<String> after = versions();
        for (int node = 0; node < NODES.size(); node++) {
          assertNotEquals(before.get(node), after.get(node), NODES.get(node));
        }
      }
      String status = conditions("base");
      plane
          .kubectl(
              "patch",
              "nqp",
              "base",
              "--subresource=status",
              "--type",
              "merge",
              "-p",
              "{\"status\":{\"conditions\":null,\"observedGeneration\":null,\"nodes\":null}}")
          .succeeded();
      Poll.until("status that is put right", () -> conditions("base"), status::equals);
      assertEquals(List.of(), controller.complaints());
    }
  }

  @Test
  void markRefusedByAnAdmissionPolicyIsReportedOnTheNode() {
    Poll.until(
        "admission policy",
        () -> plane.kubectlWith(REFUSAL, "apply", "--server-side", "-f", "-"),
        applied -> applied.code() == 0);
    Poll.until(
        "refusal",
        () ->
            plane.kubectl(
                "label", "node", "gpu-2", "--dry-run=server", "nodeqos.io/warmed-up=true"),
        refused -> refused.error().contains("nobody marks nodes today"));
    try (ControllerRun controller = ControllerRun.start(plane, replica)) {
      String reported = showUntil("WriteRefused", "describe", "node", "general-1");
      String condition = condition("general-1");
      plane.kubectlWith(REFUSAL, "delete", "-f", "-").succeeded();
      Poll.until(
          "warm node", () -> condition("general-1"), "True WarmedUp All gates are open."::equals);
      assertTrue(
          condition.startsWith("False WriteRefused All gates are open. The API server refuses to")
              && condition.contains("label nodeqos.io/warmed-up")
              && condition.contains("nobody marks nodes today"),
          condition);
      assertTrue(reported.contains("nobody marks nodes today"), reported);
    }
  }

  private void available() {
    String[] wait = {"wait", "--for=condition=Available", "nqp/base", "nqp/gpu", "--timeout=60s"};
    plane.kubectl(wait).succeeded();
  }

  private List<String> versions() {
    return NODES.stream()
        .map(
            node ->
                plane
                    .kubectl(
                        "get",
                        "node",
                        node,
                        "-o",
                        "jsonpath={.metadata.labels.nodeqos\\.io/config-version}")
                    .succeeded()
                    .out())
        .toList();
  }

  private String condition(String node) {
    String path =
        "jsonpath={range .status.conditions[?(@.type==\"nodeqos.io/WarmedUp\")]}{.status} {.reason}"
            + " {.message}{end}";
    return plane.kubectl("get", "node", node, "-o", path).succeeded().out();
  }

  private String conditions(String policy) {
    String path =
        "jsonpath={range .status.conditions[*]}{.type} {.status} {.reason}"
            + " {.message}{\"\\n\"}{end}";
    return plane.kubectl("get", "nqp", policy, "-o", path).succeeded().out();
  }

  private void node(String name, boolean ready) {
    String node =
        """
        apiVersion: v1
        kind: Node
        metadata: {name: %s, labels: {pool: %s}}
        """
            .formatted(name, name.substring(0, name.indexOf('-')));
    plane.kubectlWith(node, "apply", "--server-side", "-f", "-").succeeded();
    String status =
        """
        {"status": {"nodeInfo": {"bootID": "boot-1"},
          "capacity": {"cpu": "16", "memory": "64Gi", "pods": "110"},
          "allocatable": {"cpu": "16", "memory": "64Gi", "pods": "110"},
          "conditions": [{"type": "Ready", "status": "%s", "reason": "Kubelet"}]}}"""
            .formatted(ready ? "True" : "False");
    plane.kubectl("patch", "node", name, "--subresource=status", "-p", status).succeeded();
  }

  /** As a user would type it. */
  private String show(String... arguments) {
    return keep(arguments, plane.kubectl(arguments).succeeded());
  }

  private String showUntil(String wanted, String... arguments) {
    return keep(
        arguments,
        Poll.until(
            wanted,
            () -> plane.kubectl(arguments).succeeded(),
            shown -> shown.out().replaceAll(" +", " ").contains(wanted)));
  }

  private String keep(String[] arguments, Command command) {
    transcript
        .append("$ kubectl ")
        .append(String.join(" ", arguments))
        .append('\n')
        .append(command.out());
    return command.out();
  }
}
