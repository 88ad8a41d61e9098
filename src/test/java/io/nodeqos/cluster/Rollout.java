// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.AuditLog;
import io.nodeqos.e2e.rig.AuditLog.Entry;
import io.nodeqos.e2e.rig.LeaderTermsAudit;
import io.nodeqos.e2e.rig.LeaderTermsAudit.Term;
import io.nodeqos.e2e.rig.Poll;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The replacement of all pods of the controller, and its traces on nodes: there must be none. */
final class Rollout {
  private static final int REPLICAS = 3;

  private final Cluster cluster;
  private final Product product;
  private final AuditLog audit;

  Rollout(Cluster cluster, Product product) {
    this.cluster = cluster;
    this.product = product;
    this.audit = cluster.audit();
  }

  /**
   * Starts a rollout and waits for its end.
   *
   * @param change of the Deployment
   * @param warm nodes that stay warm and get no write
   */
  void run(Runnable change, List<String> warm) {
    Set<String> pods = podNames();
    Map<String, String> marks = marks(warm);
    Instant start = Instant.now();

    change.run();
    Poll.until("end of the rollout", 180, this::status, Rollout::isOver);
    Poll.until("end of the old pods", 60, this::podNames, now -> now.size() == REPLICAS);

    product.awaitLeader(Instant.now(), any -> true);
    Set<String> kept = podNames();
    kept.retainAll(pods);
    assertEquals(Set.of(), kept, "pods that were not replaced");
    List<Entry> entries = audit.entries();
    LeaderTermsAudit terms = LeaderTermsAudit.of(entries, List.of());
    assertLeadersGaveWayOnlyToTheirReplacement(terms.terms(), start, pods);
    assertEquals(marks, marks(warm));
    for (String node : warm) {
      // The log has what it is asked for.
      assertTrue(entries.stream().anyMatch(e -> e.writesNode() && e.name().equals(node)), node);
    }
    assertEquals(
        List.of(),
        entries.stream()
            .filter(entry -> entry.writesNode() && warm.contains(entry.name()))
            .filter(entry -> entry.received().isAfter(start))
            .toList());
    assertEquals(List.of(), terms.overlapping());
  }

  /**
   * The Deployment's controller may replace the leader each time, so that every old replica leads
   * once more; one of the new ones leads until the end.
   */
  private static void assertLeadersGaveWayOnlyToTheirReplacement(
      List<Term> terms, Instant start, Set<String> old) {
    List<String> leaders =
        terms.stream().filter(term -> term.asked().isAfter(start)).map(Term::pod).toList();
    assertEquals(leaders, leaders.stream().distinct().toList(), "leaders one after the other");
    assertEquals(
        leaders.size() - 1,
        leaders.stream().takeWhile(old::contains).count(),
        () -> "pods of before " + old + ", leaders one after the other " + leaders);
  }

  /** Fails where more than one replica is missing. */
  private JsonObject status() {
    JsonObject deployment = product.deployment();
    JsonObject status = deployment.getAsJsonObject("status");
    int available = number(status, "availableReplicas");
    assertTrue(available >= REPLICAS - 1, () -> "only " + available + " replicas: " + status);
    return deployment;
  }

  private static boolean isOver(JsonObject deployment) {
    JsonObject status = deployment.getAsJsonObject("status");
    return number(deployment.getAsJsonObject("metadata"), "generation")
            == number(status, "observedGeneration")
        && number(status, "updatedReplicas") == REPLICAS
        && number(status, "availableReplicas") == REPLICAS
        && number(status, "replicas") == REPLICAS;
  }

  private static int number(JsonObject object, String field) {
    return object.has(field) ? object.get(field).getAsInt() : 0;
  }

  private Set<String> podNames() {
    return product.pods().stream()
        .map(pod -> pod.getAsJsonObject("metadata").get("name").getAsString())
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** When each node got its mark. */
  private Map<String, String> marks(List<String> nodes) {
    Map<String, String> marks = new HashMap<>();
    for (String node : nodes) {
      JsonObject annotations =
          cluster.get("node", node).getAsJsonObject("metadata").getAsJsonObject("annotations");
      marks.put(node, annotations.get("nodeqos.io/warmed-up-at").getAsString());
    }
    return marks;
  }
}
