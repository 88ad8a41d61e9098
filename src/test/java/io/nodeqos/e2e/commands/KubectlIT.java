// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.e2e.rig.ControllerRun;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * What a user sees with nothing but kubectl. All of it is kept in {@code target/e2e/kubectl-*.txt},
 * which the page of operations quotes.
 */
@RealApi
class KubectlIT {
  private static final String WORLD =
      """
      apiVersion: v1
      kind: Namespace
      metadata:
        name: storage-agents
        labels: {nodeqos.io/reserved: "true"}
      ---
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: default, namespace: storage-agents}
      ---
      apiVersion: nodeqos.io/v1alpha1
      kind: NodeQoSPolicy
      metadata: {name: storage}
      spec:
        nodeSelector: {matchLabels: {pool: storage}}
        reservation: {cpu: 200m, memory: 2%}
        quota:
          classes:
          - {name: gold, cpu: {weight: 400}, advertise: {cpu: 50%, memory: 50%}}
        warmUp:
          nodeReady: {}
          reservedPods:
          - namespace: storage-agents
            selector: {matchLabels: {app: storage-agent}}
            timeout: 15m
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: storage-1, labels: {pool: storage, kubernetes.io/hostname: storage-1}}
      spec:
        # As kubelets do that are told to registerWithTaints.
        taints: [{key: nodeqos.io/warming-up, effect: NoSchedule}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: storage-agent-7k2qx, namespace: storage-agents, labels: {app: storage-agent}}
      spec:
        nodeName: storage-1
        containers: [{name: agent, image: registry.example.com/storage-agent:2.4}]
      """;
  private static final String NODE_STATUS =
      """
      {"status": {"nodeInfo": {"bootID": "5f0c2b1e-boot"},
        "capacity": {"cpu": "16", "memory": "64Gi", "pods": "110"},
        "allocatable": {"cpu": "16", "memory": "64Gi", "pods": "110"},
        "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady",
          "message": "kubelet is posting ready status"}]}}""";
  private static final String POD_READY =
      """
      {"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}""";

  private final List<Replica> replicas = new ArrayList<>();
  private final StringBuilder transcript = new StringBuilder();
  private final ControlPlane plane;
  private final Installation installation;

  KubectlIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
  }

  @AfterEach
  void removeAll(TestInfo test) throws IOException {
    Path directory = Files.createDirectories(Path.of("target", "e2e"));
    String name = test.getTestMethod().orElseThrow().getName();
    Files.writeString(directory.resolve("kubectl-" + name + ".txt"), transcript);
    replicas.forEach(installation::remove);
    plane.kubectlWith(WORLD, "delete", "--ignore-not-found", "--wait=false", "-f", "-");
  }

  private Replica replica() {
    Replica replica =
        installation.replica(
            Installation.NAME + "-" + UUID.randomUUID().toString().substring(0, 5));
    replicas.add(replica);
    return replica;
  }

  /** As a user would type it. */
  private String show(String... arguments) {
    String out = plane.kubectl(arguments).succeeded().out();
    keep(arguments, out);
    return out;
  }

  private void keep(String[] arguments, String out) {
    transcript.append("$ kubectl ").append(String.join(" ", arguments)).append('\n').append(out);
  }

  private String showUntil(String wanted, String... arguments) {
    return showUntil(List.of(wanted), arguments);
  }

  private String showUntil(List<String> wanted, String... arguments) {
    String out =
        Poll.until(
                String.join(" and ", wanted),
                () -> plane.kubectl(arguments).succeeded(),
                shown -> wanted.stream().allMatch(shown.out().replaceAll(" +", " ")::contains))
            .out();
    keep(arguments, out);
    return out;
  }

  @Test
  void kubectlShowsAWarmUpFromStartToEnd() {
    installation.removeLease();
    try (ControllerRun controller = ControllerRun.start(plane, replica())) {
      createWorld();
      String waiting =
          showUntil(
              List.of("The warm-up has 1 blocker", "Normal WarmUpStarted"),
              "describe",
              "node",
              "storage-1");
      String policies = showUntil("NodesPending 1 1 0 1", "get", "nqp", "storage");
      String explained = show("explain", "nqp.spec.warmUp");
      plane
          .kubectl(
              "patch",
              "pod",
              "storage-agent-7k2qx",
              "-n",
              "storage-agents",
              "--subresource=status",
              "-p",
              POD_READY)
          .succeeded();
      showUntil("Settled 1 1 1 0", "get", "nqp", "storage");
      String columns = "nodeqos.io/warmed-up,nodeqos.io/config-version";
      String nodes = show("get", "nodes", "-l", "pool=storage", "-L", columns);
      String warm = showUntil("Normal WarmedUp", "describe", "node", "storage-1");
      String policy = showUntil("Normal PolicyValid", "describe", "nqp", "storage");

      assertAll(
          () -> assertTrue(waiting.contains("nodeqos.io/warming-up:NoSchedule"), waiting),
          () ->
              assertTrue(
                  waiting.contains("pod storage-agents/storage-agent-7k2qx is not Ready"), waiting),
          () -> assertTrue(waiting.contains("ReservedPodsNotReady"), waiting),
          () -> assertTrue(policies.startsWith("NAME"), policies),
          () -> assertTrue(explained.contains("reservedPods"), explained),
          () -> assertTrue(explained.contains("DESCRIPTION"), explained),
          () -> assertTrue(nodes.matches("(?s).*true\\s+[0-9a-f]{10}\\s*"), nodes),
          () -> assertTrue(!warm.contains("nodeqos.io/warming-up"), warm),
          () -> assertTrue(warm.replaceAll(" +", " ").contains("Normal ConfigUpdated"), warm),
          () -> assertTrue(policy.contains("Config Versions"), policy),
          () -> assertTrue(warm.replaceAll(" +", " ").contains("nodeqos.io/gold-cpu: 7900"), warm),
          () -> assertTrue(controller.log().contains("storage-1"), controller::log));
    }
  }

  private void createWorld() {
    // The first pass may meet a namespace or an API that is not known everywhere yet.
    Poll.until(
        "complete kubectl apply",
        () -> plane.kubectlWith(WORLD, "apply", "--server-side", "-f", "-"),
        applied -> applied.code() == 0);
    plane
        .kubectl("patch", "node", "storage-1", "--subresource=status", "-p", NODE_STATUS)
        .succeeded();
  }

  @Test
  void leaseShowsTheLeaderBeforeAndAfterAKill() throws IOException {
    installation.removeLease();
    Path shown = Files.createDirectories(Path.of("target", "e2e")).resolve("lease.txt");
    String[] arguments = {
      "get",
      "lease",
      "-n",
      Installation.NAMESPACE,
      Installation.NAME,
      "-w",
      "-o",
      "custom-columns=HOLDER:.spec.holderIdentity,TERM:.spec.leaseTransitions,"
          + "RENEWED:.spec.renewTime,FOR:.spec.leaseDurationSeconds"
    };
    Replica first = replica();
    Replica second = replica();
    try (ControllerRun leader = ControllerRun.start(plane, first)) {
      holder(first);
      Process watch = watch(shown, arguments);
      try (ControllerRun standby = ControllerRun.start(plane, second)) {
        Poll.until("standby that is ready", standby::log, log -> log.contains("Ready:"));
        leader.kill();
        holder(second);
        Poll.until(
            "line of the new holder", () -> read(shown), text -> text.contains(second.name()));
      } finally {
        watch.destroy();
      }
      String text = read(shown);
      keep(arguments, text);
      assertTrue(text.indexOf(first.holder()) < text.indexOf(second.holder()), text);
      assertTrue(text.contains(first.holder()), text);
    }
  }

  private void holder(Replica replica) {
    Poll.until(
        "leader " + replica.name(),
        () -> plane.kubectl("get", "lease", "-n", Installation.NAMESPACE, "-o", "json").out(),
        lease -> lease.contains(replica.holder()));
  }

  private Process watch(Path shown, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(plane.program("kubectl").toString(), "--kubeconfig=" + plane.kubeconfig()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectOutput(shown.toFile()).start();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
