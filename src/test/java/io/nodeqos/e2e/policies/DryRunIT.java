// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.policies;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.e2e.rig.AuditLog;
import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A dry run on a real server, by its audit log: no write to a node, ever. The typed commands and
 * their output are kept in {@code target/e2e/dry-run.txt}, which the page of policies quotes.
 */
@RealApi
class DryRunIT {
  private static final String BASE =
      """
      apiVersion: nodeqos.io/v1alpha1
      kind: NodeQoSPolicy
      metadata: {name: base}
      spec:
        reservation: {cpu: 200m}
        warmUp: {nodeReady: {}}
      """;
  private static final String NEXT =
      """
      apiVersion: nodeqos.io/v1alpha1
      kind: NodeQoSPolicy
      metadata: {name: gpu}
      spec:
        dryRun: true
        priority: 100
        deletionPolicy: Remove
        nodeSelector: {matchLabels: {pool: gpu}}
        quota:
          classes:
          - {name: gold, advertise: {cpu: 50%}}
        images:
        - {ref: registry.example.com/model:1}
        warmUp:
          mode: Continuous
          taintNewNodes: true
          nodeReady: {}
          csiDrivers: [{name: csi.example.com}]
      """;
  private static final String SMALL =
      """
      apiVersion: nodeqos.io/v1alpha1
      kind: NodeQoSPolicy
      metadata: {name: gpu}
      spec:
        dryRun: true
        priority: 100
        deletionPolicy: Remove
        nodeSelector: {matchLabels: {pool: gpu}}
        quota:
          classes:
          - {name: gold, advertise: {cpu: 50%}}
      """;
  private static final String OTHER =
      """
      apiVersion: nodeqos.io/v1alpha1
      kind: NodeQoSPolicy
      metadata: {name: other}
      spec: {dryRun: true}
      """;
  private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete");
  private static final List<String> NODES = List.of("gpu-1", "gpu-2", "general-1");

  private final StringBuilder transcript = new StringBuilder();
  private final ControlPlane plane;
  private final Installation installation;
  private final Replica replica;

  DryRunIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
    this.replica =
        installation.replica(
            Installation.NAME + "-" + UUID.randomUUID().toString().substring(0, 5));
  }

  @BeforeEach
  void policyAndNodesAreThere() {
    installation.removeLease();
    apply(BASE);
    // The policy "base" selects every node: one that another test left would be counted.
    plane.kubectl("delete", "node", "--all").succeeded();
    NODES.forEach(this::node);
  }

  @AfterEach
  void removeAll() throws IOException {
    Path directory = Files.createDirectories(Path.of("target", "e2e"));
    Files.writeString(directory.resolve("dry-run.txt"), transcript);
    installation.remove(replica);
    plane.kubectl("delete", "nqp", "--ignore-not-found", "--wait=false", "base", "gpu", "other");
    plane.kubectl("delete", "node", "--all");
  }

  @Test
  void dryRunAndItsDeletionWriteToNoNode() {
    try (ControllerRun controller = ControllerRun.start(plane, replica)) {
      plane.kubectl("wait", "--for=condition=Ready", "nqp/base", "--timeout=60s").succeeded();
      List<String> versions = versions();
      AuditLog audit = AuditLog.from(plane);

      apply(NEXT);
      show("wait", "--for=condition=DryRun", "nqp/gpu", "--timeout=30s");
      show("get", "nqp");
      String result = show("get", "nqp", "gpu", "-o", "jsonpath-as-json={.status.dryRun}");
      String conditions = show("describe", "nqp", "gpu");
      plane.kubectl("label", "node", "gpu-2", "pool=none", "--overwrite").succeeded();
      Poll.until("result without that node", () -> dryRun("selected"), "1"::equals);
      plane.kubectl("delete", "nqp", "gpu", "--timeout=10s").succeeded();
      // It comes after the deletion in the same queue.
      apply(OTHER);
      plane.kubectl("wait", "--for=condition=DryRun", "nqp/other", "--timeout=30s").succeeded();

      List<AuditLog.Entry> writes =
          audit.entries().stream()
              .filter(e -> WRITES.contains(e.verb()))
              .filter(e -> !e.writesLease() && !e.resource().equals("events"))
              .toList();
      assertAll(
          () -> assertTrue(result.contains("\"selected\": 2"), result),
          () -> assertTrue(result.contains("\"changed\": 2"), result),
          () -> assertTrue(result.contains("+ allocatable nodeqos.io/gold-cpu: "), result),
          () -> assertTrue(result.contains("\"GateCannotOpen\""), result),
          () -> assertTrue(conditions.contains("In force, the policy would change 2 of"), result),
          () -> assertTrue(writes.size() >= 3, "each result is a write: " + writes),
          () ->
              assertEquals(
                  List.of("nodeqospolicies/status"),
                  writes.stream().map(AuditLog.Entry::resource).distinct().toList(),
                  writes::toString),
          () -> assertEquals(versions.get(0), versions().get(0), "of gpu-1"),
          () -> assertEquals(versions.get(2), versions().get(2), "of general-1"),
          () -> assertEquals(List.of(), controller.complaints()));
    }
  }

  @Test
  void dryRunGoesLiveAndNotBack() {
    try (ControllerRun controller = ControllerRun.start(plane, replica)) {
      apply(SMALL);
      plane.kubectl("wait", "--for=condition=DryRun", "nqp/gpu", "--timeout=30s").succeeded();
      assertEquals("", resource("gpu-1"));

      plane
          .kubectl("patch", "nqp", "gpu", "--type", "merge", "-p", "{\"spec\":{\"dryRun\":false}}")
          .succeeded();
      plane.kubectl("wait", "--for=condition=Available", "nqp/gpu", "--timeout=60s").succeeded();
      assertNotEquals("", resource("gpu-1"));
      assertEquals("", dryRun("selected"));

      Command back =
          plane.kubectl(
              "patch", "nqp", "gpu", "--type", "merge", "-p", "{\"spec\":{\"dryRun\":true}}");
      assertNotEquals(0, back.code());
      assertTrue(
          back.error().contains("spec.dryRun")
              && back.error().contains("a policy that is in force cannot become a dry run"),
          back.error());
      assertEquals(List.of(), controller.complaints());
    }
  }

  private String resource(String node) {
    String path = "jsonpath={.status.allocatable.nodeqos\\.io/gold-cpu}";
    return plane.kubectl("get", "node", node, "-o", path).succeeded().out();
  }

  private String dryRun(String field) {
    String path = "jsonpath={.status.dryRun." + field + "}";
    return plane.kubectl("get", "nqp", "gpu", "-o", path).succeeded().out();
  }

  private List<String> versions() {
    return NODES.stream()
        .map(
            node ->
                plane
                    .kubectl("get", "node", node, "-o", "jsonpath={.metadata.resourceVersion}")
                    .succeeded()
                    .out())
        .toList();
  }

  private void node(String name) {
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
          "conditions": [{"type": "Ready", "status": "True", "reason": "Kubelet"}]}}""";
    plane.kubectl("patch", "node", name, "--subresource=status", "-p", status).succeeded();
  }

  private void apply(String policy) {
    Poll.until(
        "complete kubectl apply",
        () -> plane.kubectlWith(policy, "apply", "--server-side", "-f", "-"),
        applied -> applied.code() == 0);
  }

  /** As a user would type it. */
  private String show(String... arguments) {
    Command command = plane.kubectl(arguments).succeeded();
    transcript
        .append("$ kubectl ")
        .append(String.join(" ", arguments))
        .append('\n')
        .append(command.out());
    return command.out();
  }
}
