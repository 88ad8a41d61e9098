// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.nodeqos.cli.NodeQosCommand;
import io.nodeqos.kube.SimCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command without a replica, on the embedded API. */
class ExplainCommandTest {
  private final SimCluster cluster = new SimCluster();

  @TempDir Path directory;

  private record Answer(int exitCode, String out, String error) {}

  @BeforeEach
  void prepare() {
    cluster.installPolicyDefinition();
    cluster.node("a");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  /** Nothing listens at the address of the replica. */
  private Answer explain(String... arguments) throws IOException {
    return nodeqos("explain", "http://127.0.0.1:9", arguments);
  }

  private Answer nodeqos(String command, String replica, String... arguments) throws IOException {
    Path kubeconfig =
        Files.writeString(
            directory.resolve("kubeconfig"),
            """
            {"apiVersion": "v1", "kind": "Config", "current-context": "c",
             "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
             "users": [{"name": "u", "user": {}}],
             "clusters": [{"name": "c", "cluster": {"server": "%s"}}]}"""
                .formatted(cluster.url()));
    List<String> all =
        new ArrayList<>(List.of(command, "--kubeconfig", kubeconfig.toString(), "--url", replica));
    all.addAll(Arrays.asList(arguments));
    StringWriter out = new StringWriter();
    StringWriter error = new StringWriter();
    int code =
        NodeQosCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(error, true))
            .execute(all.toArray(String[]::new));
    return new Answer(code, out.toString(), error.toString());
  }

  private long requests() {
    return cluster.server.requests().all().stream()
        .filter(r -> r.userAgent().startsWith("node-qos-controller"))
        .count();
  }

  private void policy(String name, String spec) {
    cluster.create(
        "/apis/nodeqos.io/v1alpha1/nodeqospolicies",
        """
        {"kind":"NodeQoSPolicy","apiVersion":"nodeqos.io/v1alpha1","metadata":{"name":"%s"},
         "spec":%s}"""
            .formatted(name, spec));
  }

  @Test
  void emptyNameIsNoQuestionAboutAllNodes() throws IOException {
    Answer node = explain("");
    Answer policy = explain("--policy", "");

    assertEquals(2, node.exitCode(), node::out);
    assertTrue(node.error().contains("NODE is \"\", but a name has 1 to 253"), node::error);
    assertEquals(2, policy.exitCode(), policy::out);
    assertTrue(policy.error().contains("--policy is \"\""), policy::error);
    assertEquals(0, requests());
  }

  @Test
  void nameWithASelectorInItIsRefused() throws IOException {
    Answer node = explain("a,metadata.namespace=b");

    assertEquals(2, node.exitCode(), node::out);
    assertEquals(0, requests());
  }

  @Test
  void timeoutOfNothingIsRefused() throws IOException {
    Answer zero = explain("a", "--watch", "--timeout", "0s");

    assertEquals(2, zero.exitCode(), zero::out);
    assertTrue(zero.error().contains("--timeout is 0s, must be longer than 0s"), zero::error);
  }

  @Test
  void unknownNodeIsOneSentence() throws IOException {
    Answer unknown = explain("b");

    assertEquals(1, unknown.exitCode());
    assertEquals("nodeqos: there is no node b", unknown.error().strip());
  }

  @Test
  void answerAboutOneNodeTakesFiveRequestsAtMost() throws IOException {
    policy(
        "base",
        """
        {"warmUp":{"csiDrivers":[{"name":"csi.example.com"}],
          "reservedPods":[{"namespace":"kube-system","selector":{}}]}}""");
    cluster.daemonSet("kube-system", "cni");

    Answer answer = explain("a");

    assertEquals(5, answer.exitCode(), answer::error);
    assertTrue(requests() <= 5, () -> cluster.server.requests().all().toString());
    assertTrue(
        answer.out().contains("The pods that are not scheduled to the node yet were not read."),
        answer::out);
  }

  @Test
  void sumWithoutAReplicaSaysWhatItLacks() throws IOException {
    policy("base", "{\"warmUp\":{\"nodeReady\":{}}}");

    Answer answer = explain("--all");

    assertTrue(
        answer.out().contains("Only a replica reads the state of a pod for each"), answer::out);
  }

  @Test
  void dumpAnswersWithItsHistoryAndSaysWhatItLacks() throws IOException {
    policy("base", "{\"warmUp\":{\"nodeReady\":{}}}");
    cluster.namespace("nodeqos-system", "");
    HttpServer replica =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    replica.createContext(
        "/history",
        exchange -> {
          byte[] body =
              """
              {"transitions": [
                {"at": "2026-03-01T00:00:00Z", "node": "a", "uid": "u", "type": "WARMUP_STARTED",
                 "reason": "", "message": "It has 1 blocker.", "configVersion": "",
                 "policies": [], "epoch": 1, "leader": "l", "traceId": "", "rebuilt": false},
                {"at": "2026-03-01T00:00:01Z", "node": "b", "uid": "u", "type": "WARMUP_STARTED",
                 "reason": "", "message": "Of another.", "configVersion": "",
                 "policies": [], "epoch": 1, "leader": "l", "traceId": "", "rebuilt": false}]}
              """
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    replica.start();
    String file = directory.resolve("fleet.tar.gz").toString();
    try {
      Answer dump =
          nodeqos("dump", "http://127.0.0.1:" + replica.getAddress().getPort(), "-o", file);
      assertEquals(0, dump.exitCode(), dump::error);
    } finally {
      replica.stop(0);
    }

    Answer answer = explain("a", "--dump", file);

    assertTrue(answer.out().contains("WARMUP_STARTED   It has 1 blocker."), answer::out);
    assertFalse(answer.out().contains("Of another"), answer::out);
    assertTrue(answer.out().contains("A dump has no states of containers"), answer::out);

    String hashed = directory.resolve("hashed.tar.gz").toString();
    cluster.merge(
        "/api/v1/nodes/a",
        "{\"spec\": {\"taints\": [{\"key\": \"acme.io/Own_x\", \"effect\": \"NoSchedule\"}]}}");
    assertEquals(0, nodeqos("dump", "http://127.0.0.1:9", "--redact", "-o", hashed).exitCode());
    Answer ofHashed = explain("--all", "--dump", hashed);
    assertEquals(5, ofHashed.exitCode(), ofHashed::error);
  }

  @Test
  void invalidPolicyIsNamedInTheSumOfAllNodes() throws IOException {
    policy("bad", "{\"warmUp\":{\"csiDrivers\":[{\"name\":\"CSI Example\"}]}}");

    Answer answer = explain("--all");

    assertTrue(answer.out().contains("Policy bad is invalid: "), answer::out);
  }
}
