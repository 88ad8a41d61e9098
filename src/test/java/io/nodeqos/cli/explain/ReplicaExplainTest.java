// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.replica.ReplicaAccess;
import io.nodeqos.cli.replica.ReplicaOptions;
import io.nodeqos.kube.forward.ForwardingServer;
import io.nodeqos.text.TextFormat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Replicas behind an API server that forwards connections. */
class ReplicaExplainTest {
  private static final String LEASE =
      "/apis/coordination.k8s.io/v1/namespaces/nodeqos-system/leases/node-qos-controller";

  private final ExplainQuestion node = new ExplainQuestion("n", "");
  private final Asking asking = new Asking();
  private ForwardingServer api;

  @TempDir Path directory;

  /** A command with the options of a cluster alone. */
  @Command(name = "nodeqos")
  static final class Asking implements Runnable {
    @Mixin ClusterOptions cluster;

    @Mixin ReplicaOptions replica;

    @Override
    public void run() {}
  }

  @BeforeEach
  void start() throws IOException {
    api = new ForwardingServer();
    Path kubeconfig = Files.writeString(directory.resolve("config"), api.kubeconfig());
    new CommandLine(asking).parseArgs("--kubeconfig", kubeconfig.toString());
  }

  @AfterEach
  void stop() throws IOException {
    api.close();
  }

  private void leads(String pod) {
    api.answer(
        LEASE,
        200,
        """
        {"kind": "Lease", "apiVersion": "coordination.k8s.io/v1",
         "metadata": {"name": "node-qos-controller", "resourceVersion": "1"},
         "spec": {"holderIdentity": "%s_u", "leaseDurationSeconds": 15, "leaseTransitions": 3,
           "acquireTime": "2026-03-01T09:55:00.000000Z",
           "renewTime": "2026-03-01T09:55:00.000000Z"}}"""
            .formatted(pod));
  }

  private HttpServer replica(String pod, int status, String body) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/explain",
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    api.pod(pod, server.getAddress().getPort());
    return server;
  }

  private static String explanation(String why) {
    return """
        {"apiVersion": "cli.nodeqos.io/v1", "kind": "Explanation", "node": "n", "warm": false,
         "why": "%1$s", "lines": ["%1$s"]}"""
        .formatted(why);
  }

  @Test
  void nextLeaderIsAskedAfterAFailover() throws IOException {
    ReplicaExplain explain =
        new ReplicaExplain(() -> new ReplicaAccess(asking.cluster, asking.replica));
    leads("qos-0");
    HttpServer first = replica("qos-0", 200, explanation("first"));
    assertEquals("false" + "first", ask(explain).answer().orElseThrow().said());

    first.stop(0);
    leads("qos-1");
    HttpServer second = replica("qos-1", 200, explanation("second"));
    try {
      ask(explain);
      assertEquals("false" + "second", ask(explain).answer().orElseThrow().said());
    } finally {
      second.stop(0);
    }
  }

  @Test
  void replicaWithoutFullCachesIsNoAnswer() throws IOException {
    leads("qos-0");
    HttpServer starting = replica("qos-0", 503, "{\"error\": \"The caches are not filled yet.\"}");
    try {
      ReplicaExplain.Reply reply =
          ask(new ReplicaExplain(() -> new ReplicaAccess(asking.cluster, asking.replica)));
      assertTrue(reply.answer().isEmpty());
      assertTrue(reply.problem().contains("The caches are not filled yet"), reply::problem);
    } finally {
      starting.stop(0);
    }
  }

  private ReplicaExplain.Reply ask(ReplicaExplain explain) {
    return explain.ask(node, TextFormat.plain());
  }
}
