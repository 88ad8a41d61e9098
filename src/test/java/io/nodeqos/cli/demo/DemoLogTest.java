// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.cli.demo.ApiWrite.Target;
import io.nodeqos.sim.http.ApiServer;
import io.nodeqos.sim.http.RequestLog.Request;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoLogTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String CONTROLLER = "node-qos-controller/0.1.0 (uid)";

  @ParameterizedTest(name = "{0} {1}/{2}/{3} answered {4} to {5}: {6}")
  @CsvSource({
    "patch,  '',         nodes,             '',     200, node-qos-controller/1 (u), NODE",
    "patch,  '',         nodes,             status, 200, node-qos-controller/1 (u), NODE_STATUS",
    "update, nodeqos.io, nodeqospolicies,   status, 200, node-qos-controller/1 (u), POLICY",
    "create, apps,       daemonsets,        '',     201, node-qos-controller/1 (u), DAEMON_SET",
    "patch,  '',         nodes,             '',     409, node-qos-controller/1 (u), ",
    "get,    '',         nodes,             '',     200, node-qos-controller/1 (u), ",
    "watch,  '',         nodes,             '',     200, node-qos-controller/1 (u), ",
    "update, coordination.k8s.io, leases,   '',     200, node-qos-controller/1 (u), ",
    "create, events.k8s.io, events,         '',     201, node-qos-controller/1 (u), ",
    "patch,  events.k8s.io, events,         '',     200, node-qos-controller/1 (u), ",
    "create, authorization.k8s.io, selfsubjectaccessreviews, '', 201, node-qos-controller/1 (u), ",
    "patch,  '',         nodes,             status, 200, kubelet/v1,                "
  })
  void onlySuccessfulWritesOfTheControllerOnItsObjectsAreKept(
      String verb,
      String group,
      String resource,
      String subresource,
      int code,
      String userAgent,
      Target target) {
    DemoLog log = new DemoLog(new ApiServer().requests());

    log.accept(request(verb, group, resource, subresource, code, userAgent));

    assertEquals(
        target == null ? List.of() : List.of(new ApiWrite(NOW, NOW, target, "x", 7, "u")),
        log.writes(),
        "and each with the replica that sent it");
    assertEquals(
        target == Target.NODE || target == Target.NODE_STATUS ? 1 : 0,
        log.nodeWriteCount(),
        "as the summary counts them");
  }

  @Test
  void registrationOfANodeIsKeptFromAnyWriter() {
    DemoLog log = new DemoLog(new ApiServer().requests());

    log.accept(request("create", "", "nodes", "", 409, "kubelet/v1"));
    assertEquals(Map.of(), log.entries().registered(), "a refused registration is none");
    log.accept(request("create", "", "nodes", "", 201, "kubelet/v1"));

    assertEquals(Map.of("x", NOW), log.entries().registered());
    assertEquals(0, log.nodeWriteCount(), CONTROLLER + " has written nothing");
  }

  @Test
  void leaseWritesOfAnyWriterAreKeptSeparately() {
    DemoLog log = new DemoLog(new ApiServer().requests());

    log.accept(lease("update", DemoLeases.NAME, CONTROLLER));
    log.accept(lease("patch", DemoLeases.NAME, "kubectl/v1.34"));
    log.accept(lease("update", "another", CONTROLLER));

    assertEquals(List.of(), log.writes(), "they are none of the counted writes");
    assertEquals(
        List.of("uid", ""),
        log.entries().leaseWrites().stream().map(ApiWrite::podUid).toList(),
        "an operator can change the holder too; another Lease does not count");
  }

  @Test
  void listsAndTheReplicasThatWatchTheLeaseAreCounted() {
    DemoLog log = new DemoLog(new ApiServer().requests());

    log.accept(request("list", "", "nodes", "", 200, CONTROLLER));
    log.accept(request("list", "", "nodes", "", 200, "kubectl/v1.34"));
    log.accept(lease("watch", DemoLeases.NAME, CONTROLLER));
    log.accept(lease("watch", DemoLeases.NAME, CONTROLLER));
    log.accept(lease("watch", DemoLeases.NAME, "kubectl/v1.34"));

    assertEquals(List.of(NOW), log.entries().lists(), "kubectl's is none of ours");
    assertEquals(1, log.candidateCount(), "one replica, which opened its watch twice");
  }

  private static Request lease(String verb, String name, String agent) {
    return request(verb, "coordination.k8s.io", "leases", "", 200, agent, name);
  }

  private static Request request(
      String verb, String group, String resource, String subresource, int code, String agent) {
    return request(verb, group, resource, subresource, code, agent, "x");
  }

  private static Request request(
      String verb,
      String group,
      String resource,
      String subresource,
      int code,
      String agent,
      String name) {
    return new Request(
        NOW,
        NOW,
        verb,
        group,
        resource,
        subresource,
        "",
        name,
        code,
        agent,
        code < 300 ? "7" : "",
        false);
  }
}
