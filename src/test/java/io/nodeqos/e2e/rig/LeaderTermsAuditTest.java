// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.e2e.rig.AuditLog.Entry;
import io.nodeqos.e2e.rig.LeaderTermsAudit.Handover;
import io.nodeqos.e2e.rig.LeaderTermsAudit.Pause;
import io.nodeqos.e2e.rig.LeaderTermsAudit.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeaderTermsAuditTest {
  private static final String LEASE =
      """
      {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","stage":"ResponseComplete",\
      "requestURI":"/apis/coordination.k8s.io/v1/namespaces/nodeqos-system/leases/node-qos-controller",\
      "verb":"update",\
      "user":{"username":"system:serviceaccount:nodeqos-system:node-qos-controller","uid":"u",\
      "extra":{"authentication.kubernetes.io/pod-name":["%1$s"],\
      "authentication.kubernetes.io/pod-uid":["uid-%1$s"]}},\
      "userAgent":"another/1.0","objectRef":{"resource":"leases","namespace":"nodeqos-system",\
      "name":"node-qos-controller","apiGroup":"coordination.k8s.io","apiVersion":"v1"},\
      "responseStatus":{"metadata":{},"code":%2$d},"requestObject":{"kind":"Lease",\
      "metadata":{"name":"node-qos-controller","resourceVersion":"7"},\
      "spec":{"holderIdentity":%3$s,"leaseDurationSeconds":6,"leaseTransitions":%4$d}},\
      "requestReceivedTimestamp":"2026-01-01T00:00:%5$sZ","stageTimestamp":"2026-01-01T00:00:%6$sZ"}""";

  private static final String NODE =
      """
      {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","stage":"ResponseComplete",\
      "requestURI":"/api/v1/nodes/n1/status","verb":"patch",\
      "user":{"username":"system:serviceaccount:nodeqos-system:node-qos-controller","uid":"u",\
      "extra":{"authentication.kubernetes.io/pod-name":["%1$s"]}},\
      "objectRef":{"resource":"nodes","name":"n1","apiVersion":"v1","subresource":"status"},\
      "responseStatus":{"metadata":{},"code":%2$d},\
      "requestObject":{"metadata":{"resourceVersion":"41"},"status":{}},\
      "requestReceivedTimestamp":"2026-01-01T00:00:%3$sZ","stageTimestamp":"2026-01-01T00:00:%4$sZ"}""";

  /** a from second 10, b from 20 after a crash, a again from 30 after b gave the Lease back. */
  private static final List<String> LEASES =
      List.of(
          lease("a", 200, 1, 10),
          lease("a", 200, 1, 12),
          lease("b", 409, 2, 19),
          lease("b", 200, 2, 20),
          LEASE.formatted("b", 200, "null", 2, "29.000000", "29.001000"),
          lease("a", 200, 3, 30),
          lease("a", 200, 3, 32));

  private static String lease(String pod, int code, int epoch, int second) {
    return LEASE.formatted(
        pod,
        code,
        "\"" + pod + "_uid-" + pod + "\"",
        epoch,
        second + ".000000",
        second + ".002000");
  }

  private static String node(String pod, int code, String received, String completed) {
    return NODE.formatted(pod, code, received, completed);
  }

  private static Instant at(String second) {
    return Instant.parse("2026-01-01T00:00:" + second + "Z");
  }

  private static LeaderTermsAudit audit(String... writes) {
    return audit(List.of(), writes);
  }

  private static LeaderTermsAudit audit(List<Pause> pauses, String... writes) {
    List<String> lines = new ArrayList<>(LEASES);
    lines.addAll(List.of(writes));
    return LeaderTermsAudit.of(
        lines.stream().map(AuditLog::parse).flatMap(Optional::stream).toList(), pauses);
  }

  @Test
  void termStartsWithTheWriteThatTakesTheLease() {
    assertEquals(
        List.of(
            new Term("a", 1, at("10"), at("10.002")),
            new Term("b", 2, at("20"), at("20.002")),
            new Term("a", 3, at("30"), at("30.002"))),
        audit().terms(),
        "renewals, conflicts and the release begin none");
  }

  @Test
  void restartedContainerOfTheSamePodStartsItsOwnTerm() {
    LeaderTermsAudit audit = audit(lease("a", 200, 4, 40), node("a", 200, "41", "41"));

    assertEquals(4, audit.last().orElseThrow().epoch());
    assertEquals(List.of(), audit.attempts());
  }

  @ParameterizedTest(name = "{0}, {1} from {2} to {3}: {4} overlapping, {5} late, {6} refused")
  @CsvSource({
    // The one that leads.
    "a, 200, 11, 11, 0, 0, 0",
    "b, 200, 21, 22, 0, 0, 0",
    "a, 200, 31, 31, 0, 0, 0",
    // Its first write may overtake the log line of its take.
    "b, 200, 20.001, 20.003, 0, 0, 0",
    // On its way while the Lease changed hands.
    "a, 200, 19, 21, 0, 1, 0",
    "b, 200, 29, 31, 0, 1, 0",
    // In the moment in which the next holder's write was done: not after it.
    "a, 200, 20.001, 20.001, 0, 0, 0",
    // The Lease was released, but not taken yet.
    "b, 200, 29.500, 29.500, 0, 0, 0",
    // After another has taken it.
    "a, 200, 21, 21, 1, 0, 0",
    "b, 201, 31, 31, 1, 0, 0",
    "a, 403, 21, 21, 0, 0, 1",
    "a, 409, 21, 21, 0, 0, 1",
    // A refusal of the one that leads is none of ours.
    "a, 409, 11, 11, 0, 0, 0",
    // Before the first term, and from a replica that never led.
    "a, 200, 05, 05, 1, 0, 0",
    "c, 200, 11, 11, 1, 0, 0"
  })
  void writeReceivedAfterTheStartOfTheNextTermOverlaps(
      String pod,
      int code,
      String received,
      String completed,
      int overlapping,
      int late,
      int refused) {
    LeaderTermsAudit audit = audit(node(pod, code, received, completed));

    assertEquals(overlapping, audit.overlapping().size(), "received after the take");
    assertEquals(late, audit.late().size(), "received before and carried out after it");
    assertEquals(refused, audit.refused().size(), "received after it, not carried out");
  }

  @Test
  void writeSentBeforeAPauseIsLateAndDoesNotOverlap() {
    Pause pause = new Pause("a", at("15"), at("25"));
    LeaderTermsAudit audit =
        audit(
            List.of(pause),
            node("a", 200, "21", "21"),
            node("a", 200, "26", "26"),
            node("c", 200, "22", "22"));

    assertEquals(List.of(at("21")), audit.late().stream().map(Entry::received).toList());
    assertEquals(
        List.of(at("26"), at("22")),
        audit.overlapping().stream().map(Entry::received).toList(),
        "after the pause it knows, and the pause is another's");
  }

  @Test
  void gapIsBetweenTheLastWriteOfTheOldLeaderAndTheFirstOfTheNew() {
    LeaderTermsAudit audit =
        audit(
            node("a", 200, "13", "13.5"),
            node("a", 409, "14", "14"),
            node("b", 409, "20.5", "20.6"),
            node("b", 200, "21", "21.5"),
            node("b", 200, "22", "22"));
    Handover handover = audit.handoverFrom(audit.terms().get(0)).orElseThrow();

    assertEquals("b", handover.to().pod());
    assertEquals(Duration.ofSeconds(8), handover.gap());
    assertEquals(Duration.ofMillis(1498), handover.firstWrite(), "since the take");
    assertEquals(Optional.empty(), audit.handoverFrom(audit.terms().get(1)), "no write yet");
    assertEquals(Duration.ofSeconds(8), audit.longestLull(at("15")));
  }

  @Test
  void lineIsReadWithItsTimesItsPodAndItsBody() {
    Entry entry = AuditLog.parse(node("a", 200, "13.000001", "13.5")).orElseThrow();

    assertEquals("nodes/status", entry.resource());
    assertEquals("n1", entry.name());
    assertEquals("a", entry.pod(), "by the token, whatever the user agent says");
    assertEquals(at("13.000001"), entry.received());
    assertEquals(at("13.500"), entry.completed());
    assertEquals("41", entry.version());
    assertTrue(entry.writesNode() && entry.accepted());
  }

  @Test
  void writeWithTheSameContentIsARepetition() {
    List<Entry> writes = audit(node("a", 200, "13", "13"), node("b", 200, "23", "23")).writes();

    assertEquals(List.of(writes.get(1)), RepeatedWrites.of(writes));
    assertEquals(
        List.of(),
        RepeatedWrites.of(audit(node("a", 409, "13", "13"), node("b", 200, "23", "23")).writes()));
  }

  @Test
  void writesOfOtherAccountsAreNotCounted() {
    assertEquals(
        Optional.empty(),
        AuditLog.parse(node("a", 200, "13", "13").replace("nodeqos-system:node", "default:node")));
  }

  @Test
  void requestOfAProgramIsFoundByItsUserAgentAlone() {
    String version =
        """
        {"verb": "get", "requestURI": "/version", "userAgent": "nodeqos/1 (dump)",
         "user": {"username": "admin"}, "responseStatus": {"code": 200},
         "requestReceivedTimestamp": "2026-11-02T10:00:13.000000Z",
         "stageTimestamp": "2026-11-02T10:00:13.500000Z"}"""
            .replace("\n", "");

    Entry entry = AuditLog.parse(version, "(dump)").orElseThrow();
    assertEquals("/version", entry.uri());
    assertEquals("", entry.resource());
    assertEquals("", entry.pod());
    assertEquals(Optional.empty(), AuditLog.parse(version, "(plan)"));
    assertEquals(
        Optional.empty(), AuditLog.parse(version.replace("/version", "/(plan)"), "(plan)"));
  }
}
