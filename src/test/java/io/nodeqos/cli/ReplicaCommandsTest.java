// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import io.nodeqos.kube.forward.ForwardingServer;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask a replica, by a kubeconfig alone, and without a replica. */
class ReplicaCommandsTest {
  private static final String LEASE =
      "/apis/coordination.k8s.io/v1/namespaces/nodeqos-system/leases/node-qos-controller";
  private static final String PODS = "/api/v1/namespaces/nodeqos-system/pods";
  private static final String NODE =
      """
      {"kind": "Node", "apiVersion": "v1",
       "metadata": {"name": "gpu-1", "uid": "u1", "resourceVersion": "7",
         "creationTimestamp": "2026-03-01T09:00:00Z",
         "labels": {"nodeqos.io/config-version": "8e511fae45"},
         "annotations": {"nodeqos.io/leader-epoch": "3"}},
       "status": {"nodeInfo": {"bootID": "b1"}, "conditions": [
         {"type": "nodeqos.io/WarmedUp", "status": "False", "reason": "ImagesMissing",
          "message": "The warm-up has 1 blocker.", "lastTransitionTime": "2026-03-01T09:58:30Z"}]}}
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Map<String, String> views = new ConcurrentHashMap<>();
  private ForwardingServer api;
  private HttpServer pod;

  @TempDir Path directory;

  @BeforeEach
  void start() throws IOException {
    api = new ForwardingServer();
    api.answer(LEASE, 200, lease("qos-0_u"));
    api.answer(
        "/api/v1/nodes",
        200,
        "{\"kind\":\"NodeList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"9\"},\"items\":["
            + NODE
            + "]}");
    api.answer("/api/v1/nodes/gpu-1", 200, NODE);
    pod = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    pod.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          String view = views.get(exchange.getRequestURI().getPath());
          byte[] body =
              (view == null ? "{\"error\": \"There is none.\"}" : view)
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(view == null ? 404 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    pod.start();
  }

  @AfterEach
  void stop() throws IOException {
    api.close();
    pod.stop(0);
  }

  private static String lease(String holder) {
    return """
        {"kind": "Lease", "apiVersion": "coordination.k8s.io/v1",
         "metadata": {"name": "node-qos-controller", "resourceVersion": "1"},
         "spec": {"holderIdentity": "%s", "leaseDurationSeconds": 3600, "leaseTransitions": 3,
           "acquireTime": "2026-03-01T09:55:00.000000Z", "renewTime": "%s"}}
        """
        .formatted(
            holder,
            TimeSource.system().wallTime().toString().replaceFirst("(\\.\\d{6})\\d*Z", "$1Z"));
  }

  private int run(String... arguments) {
    try {
      Path kubeconfig = Files.writeString(directory.resolve("config"), api.kubeconfig());
      List<String> all = new ArrayList<>(List.of(arguments));
      all.addAll(List.of("--kubeconfig", kubeconfig.toString()));
      return NodeQosCommand.commandLine()
          .setOut(new PrintWriter(out, true))
          .setErr(new PrintWriter(err, true))
          .execute(all.toArray(String[]::new));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void leaderRuns() {
    api.pod("qos-0", pod.getAddress().getPort());
  }

  @Test
  void statusComesFromTheLeaderThatTheLeaseNames() {
    leaderRuns();
    views.put("/snapshot", "{\"leader\": \"qos-0_u\", \"nodes\": {\"warm\": 7}}");
    assertEquals(0, run("status"), err::toString);
    assertTrue(out.toString().contains("nodes     7 warm"), out::toString);
    assertEquals("", err.toString());
    assertEquals(List.of("/snapshot"), asked);
  }

  @Test
  void statusCountsTheMarksWhenNoReplicaAnswers() {
    assertEquals(0, run("status"), err::toString);
    assertTrue(out.toString().contains("nodes     1 waiting"), out::toString);
    assertTrue(out.toString().contains("ImagesMissing"), out::toString);
    assertTrue(
        err.toString()
            .startsWith(
                "nodeqos: no replica answers: pod nodeqos-system/qos-0: HTTP 404: pods not found;"
                    + " nodes are counted by their marks"),
        err::toString);
  }

  @Test
  void standbyAnswersWhenTheLeaderIsGone() {
    api.answer(
        PODS,
        200,
        """
        {"items": [
          {"metadata": {"name": "qos-0"}, "status": {"phase": "Failed"}},
          {"metadata": {"name": "qos-1"}, "status": {"phase": "Running"}}]}
        """);
    api.pod("qos-1", pod.getAddress().getPort());
    views.put("/snapshot", "{\"leader\": \"qos-0_u\", \"nodes\": {\"warm\": 7}}");
    assertEquals(0, run("status", "-o", "json"), err::toString);
    assertEquals(
        "pod nodeqos-system/qos-1",
        JsonParser.parseString(out.toString()).getAsJsonObject().get("replica").getAsString());
  }

  @Test
  void statusOfOneNodeHasItsGates() {
    leaderRuns();
    views.put(
        "/snapshot",
        """
        {"node": "gpu-1", "phase": "waiting", "since": "2026-03-01T09:58:30Z",
         "reason": "ImagesMissing", "message": "The warm-up has 1 blocker.", "problem": "",
         "config": {"wanted": "8e511fae45", "carried": "8e511fae45", "applied": "",
           "sources": {"images": "gpu"}},
         "gates": [
           {"name": "nodeReady", "open": true, "state": "open", "reason": "Ready"},
           {"name": "images", "open": false, "state": "closed", "reason": "ImagesMissing"}],
         "queue": {"waiting": "", "inFlight": false, "failures": 2, "nextTryInMs": 1500}}
        """);
    assertEquals(0, run("status", "gpu-1"), err::toString);
    assertEquals(List.of("/snapshot?node=gpu-1"), asked);
    List<String> lines = out.toString().lines().toList();
    assertEquals("node      gpu-1", lines.get(0));
    assertTrue(lines.contains("from      images of policy gpu"), out::toString);
    assertTrue(lines.contains("queue     2 failures, next in 1.5s"), out::toString);
    assertTrue(lines.contains("images      closed   ImagesMissing"), out::toString);
  }

  @Test
  void statusOfOneNodeIsReadOffTheNodeWhenNoReplicaAnswers() {
    assertEquals(0, run("status", "gpu-1", "-o", "json"), err::toString);
    JsonObject node = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertEquals("NodeStatus", node.get("kind").getAsString());
    assertEquals("waiting", node.get("phase").getAsString());
    assertEquals("ImagesMissing", node.get("reason").getAsString());
    assertTrue(node.get("remark").getAsString().contains("shown are the marks of the Node"));
  }

  @Test
  void nodeThatDoesNotExistIsReported() {
    assertEquals(1, run("status", "gpu-2"));
    assertEquals("nodeqos: there is no node gpu-2", err.toString().strip());
  }

  @Test
  void historyIsRebuiltFromTheNodeWhenNoReplicaAnswers() {
    assertEquals(0, run("history", "gpu-1"), err::toString);
    assertTrue(
        out.toString()
            .contains(
                "2026-03-01T09:58:30Z   WARMUP_STARTED   (read off the Node) The warm-up has 1"
                    + " blocker."),
        out::toString);
    assertTrue(err.toString().contains("the Node shows only its last transition"), err::toString);
  }

  @Test
  void eventsAreATable() {
    leaderRuns();
    views.put(
        "/events",
        """
        retry: 3000

        id: 0123abcd.1
        event: WARMUP_DONE
        data: {"at":"2026-03-01T10:00:02.5Z","type":"WARMUP_DONE","node":"gpu-1","policy":"base","message":"The node became warm."}

        :

        event: gap
        data: {"message":"Events before this were missed."}

        """);
    assertEquals(0, run("events", "--node", "gpu-1", "--type", "WARMUP_DONE,WARMUP_LOST"));
    assertEquals(
        List.of("/events?node=gpu-1&type=WARMUP_DONE%2CWARMUP_LOST&since=1h&follow=false"), asked);
    assertEquals(
        List.of(
            "TIME                   EVENT         OBJECT   MESSAGE",
            "2026-03-01T10:00:02Z   WARMUP_DONE   gpu-1    The node became warm."),
        out.toString().lines().toList());
    assertEquals("nodeqos: the replica has no older events; history has more\n", err.toString());
  }

  @Test
  void kubernetesEventsAreShownWhenNoReplicaAnswers() {
    api.answer(
        "/api/v1/events",
        200,
        """
        {"metadata": {}, "items": [
          {"metadata": {"creationTimestamp": "2026-03-01T10:00:00Z"}, "reason": "WarmedUp",
           "involvedObject": {"kind": "Node", "name": "gpu-1"}, "message": "Warm.",
           "eventTime": "2026-03-01T10:00:02.000000Z", "series": null}]}
        """);
    assertEquals(0, run("events", "--since", "2026-03-01T00:00:00Z", "-o", "json"), err::toString);
    JsonObject list = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertEquals("EventList", list.get("kind").getAsString());
    assertEquals(
        "WarmedUp",
        list.getAsJsonArray("events").get(0).getAsJsonObject().get("type").getAsString());
    assertTrue(list.get("remark").getAsString().contains("shown are the Kubernetes Events"));
    assertTrue(
        api.seen.stream()
            .anyMatch(
                request ->
                    request.startsWith("GET /api/v1/events?")
                        && request.contains(
                            "reportingComponent%3Dnodeqos.io%2Fnode-qos-controller")),
        () -> String.join("\n", api.seen));
  }

  @Test
  void watchNeedsAReplica() {
    assertEquals(1, run("events", "--watch"));
    assertTrue(err.toString().startsWith("nodeqos: no replica answers"), err::toString);
  }

  @Test
  void tracesComeFromTheJaegerBesideTheController() {
    String proxy = "/api/v1/namespaces/nodeqos-system/services/http:jaeger:16686/proxy/api/traces";
    assertEquals(1, run("trace", "gpu-1"));
    assertEquals(
        "nodeqos: no Jaeger answers at Service nodeqos-system/jaeger (not found)",
        err.toString().strip());
    api.answer(proxy, 404, "404 page not found");
    err.getBuffer().setLength(0);
    assertEquals(1, run("trace", "gpu-1"));
    assertEquals(
        "nodeqos: no Jaeger answers at Service nodeqos-system/jaeger (HTTP 404)",
        err.toString().strip());
    api.answer(proxy, 200, "{\"data\": []}");
    err.getBuffer().setLength(0);
    assertEquals(1, run("trace", "gpu-1"));
    assertEquals(
        "nodeqos: Jaeger at Service nodeqos-system/jaeger has no completed warm-up of gpu-1",
        err.toString().strip());
    assertTrue(
        api.seen.get(1).startsWith("GET " + proxy + "?service=node-qos-controller&operation=warm"),
        api.seen::toString);
  }

  @Test
  void snapshotIsOneObject() {
    leaderRuns();
    views.put("/snapshot", "{\"role\": \"leader\"}");
    assertEquals(0, run("snapshot", "-o", "yaml"), err::toString);
    assertEquals(
        "apiVersion: cli.nodeqos.io/v1\nkind: Snapshot\nrole: leader", out.toString().strip());
  }

  @Test
  void snapshotNeedsAReplica() {
    assertEquals(1, run("snapshot", "--json"));
    assertEquals(
        "NoReplica",
        JsonParser.parseString(out.toString()).getAsJsonObject().get("code").getAsString());
  }

  @Test
  void reasonForWhichNothingAnswersIsThereOnce() throws IOException {
    api.close();
    for (String[] command :
        List.of(
            new String[] {"status"},
            new String[] {"status", "gpu-1"},
            new String[] {"history", "gpu-1"},
            new String[] {"events"})) {
      out.getBuffer().setLength(0);
      err.getBuffer().setLength(0);
      assertEquals(1, run(command));
      String all = out + "" + err;
      assertEquals(2, all.split("no connection to the API server", -1).length, all);
      assertTrue(err.toString().endsWith(" cannot be read, either\n"), err::toString);
    }
  }

  @Test
  void userWithoutPermissionIsTold() {
    api.answer(LEASE, 403, ForwardingServer.status(403, "leases is forbidden: User x cannot get"));
    api.answer("/api/v1/nodes", 403, ForwardingServer.status(403, "nodes is forbidden"));
    assertEquals(1, run("status"));
    assertTrue(
        out.toString()
            .contains(
                "leader    unknown: HTTP 403: leases is forbidden: User x cannot get; check the RBAC rules of this user"),
        out::toString);
  }
}
