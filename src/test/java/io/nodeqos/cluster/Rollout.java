// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.AuditLog;
import io.nodeqos.e2e.AuditLog.Entry;
import io.nodeqos.e2e.LeaderTermsAudit;
import io.nodeqos.e2e.Poll;
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
  private static final int MOST_LEADER_CHANGES = 2;

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
    int leaderChanges = product.leaderChanges();
    Instant start = Instant.now();

    change.run();
    Poll.until("end of the rollout", 180, this::status, Rollout::isOver);
    Poll.until("end of the old pods", 60, this::podNames, now -> now.size() == REPLICAS);

    product.awaitLeader(Instant.now(), any -> true);
    Set<String> kept = podNames();
    kept.retainAll(pods);
    assertEquals(Set.of(), kept, "pods that were not replaced");
    int moves = product.leaderChanges() - leaderChanges;
    assertTrue(moves <= MOST_LEADER_CHANGES, "leadership moved " + moves + " times");
    assertEquals(marks, marks(warm));
    List<Entry> entries = audit.entries();
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
    assertEquals(List.of(), LeaderTermsAudit.of(entries, List.of()).overlapping());
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
