// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import static io.nodeqos.fixture.PolicyFixture.json;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.plan.Freeze;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.fleet.NodeCount;
import io.nodeqos.reconcile.fleet.PolicyCounts;
import io.nodeqos.reconcile.fleet.PolicyCounts.Nodes;
import io.nodeqos.reconcile.fleet.PullFailure;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PolicyStatusTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00.9Z");
  private static final PolicyCounts DONE = counts(3, 3, 3, 2, 0, Map.of("v1", 3));

  @Test
  void completePolicyIsValidAvailableAndNotProgressing() {
    JsonObject status = status(valid(), DONE, NOW);
    assertEquals(1, status.get("observedGeneration").getAsInt());
    assertEquals(
        json("{'matched': 3, 'configured': 3, 'warm': 2, 'waiting': 0, 'frozen': 0}"),
        status.get("nodes"));
    assertEquals("True", condition(status, "Valid", "status"));
    assertEquals("False", condition(status, "Progressing", "status"));
    assertEquals("True", condition(status, "Available", "status"));
    assertEquals("2026-03-01T00:00:00Z", condition(status, "Valid", "lastTransitionTime"));
  }

  @Test
  void noNumberOfNodesIsEverNegative() {
    JsonObject status = status(valid(), counts(3, 0, 0, 0, 3, Map.of()), NOW);
    assertEquals("0/3 nodes are available.", condition(status, "Available", "message"));
    assertEquals(
        "3 of 3 nodes wait for their gates, 3 are not configured yet.",
        condition(status, "Progressing", "message"));
  }

  @Test
  void invalidPolicyReportsAllMistakesAndTheVersionInForce() {
    PolicyCatalog catalog = PolicyFixture.catalog(policy("p", "{'priority': 'x', 'quota': 1}"));
    JsonObject never = status(catalog.entry("p").get(), PolicyCounts.NONE, NOW);
    assertEquals("False", condition(never, "Valid", "status"));
    assertTrue(condition(never, "Valid", "message").contains("spec.priority"));
    assertTrue(condition(never, "Valid", "message").contains("spec.quota"));
    assertTrue(condition(never, "Valid", "message").endsWith(" It has no effect."));
    assertEquals("False", condition(never, "Available", "status"));

    PolicyCatalog wasGood = PolicyFixture.catalog(policy("p", "{}"));
    wasGood.apply(policy("p", 2, PolicyFixture.CREATED, "{'priority': 'x'}"));
    JsonObject kept = status(wasGood.entry("p").get(), DONE, NOW);
    assertEquals(2, kept.get("observedGeneration").getAsInt());
    assertTrue(
        condition(kept, "Valid", "message").endsWith(" The last valid version stays in force."));
    assertEquals("False", condition(kept, "Available", "status"), "not in this generation");
    assertEquals(
        "The latest version is invalid. For the last valid version: 3/3 nodes are available.",
        condition(kept, "Available", "message"));
  }

  @Test
  void invalidPolicyIsNeitherProgressingNorAvailable() {
    PolicyCatalog catalog = PolicyFixture.catalog(policy("p", "{'priority': 'x'}"));
    JsonObject never = status(catalog.entry("p").get(), PolicyCounts.NONE, NOW);
    PolicyCatalog wasGood = PolicyFixture.catalog(policy("p", "{}"));
    wasGood.apply(policy("p", 2, PolicyFixture.CREATED, "{'priority': 'x'}"));
    JsonObject kept = status(wasGood.entry("p").get(), DONE, NOW);
    for (String type : List.of("Valid", "Progressing", "Available")) {
      assertEquals("Invalid", condition(never, type, "reason"));
      assertEquals("False", condition(never, type, "status"));
      assertEquals("Invalid", condition(kept, type, "reason"));
      assertEquals("False", condition(kept, type, "status"));
    }
    assertEquals(
        "The policy is invalid and has no effect.", condition(never, "Progressing", "message"));
    JsonObject busy = status(wasGood.entry("p").get(), counts(3, 3, 1, 1, 2, Map.of("v1", 3)), NOW);
    assertEquals(
        "True", condition(busy, "Progressing", "status"), "its last valid version goes on");
  }

  @Test
  void suspendedPolicyReportsItsTimeAndFrozenNodes() {
    PolicyCatalog catalog = PolicyFixture.catalog(policy("p", "{'suspend': true}"));
    JsonObject first = status(catalog.entry("p").get(), frozen(60, 59, 1, "p"), NOW);
    JsonObject later =
        PolicyStatus.of(
            catalog.entry("p").get(), facts(frozen(60, 60, 0, "p")), first, NOW.plusSeconds(60));
    assertEquals("False", condition(first, "Progressing", "status"));
    assertEquals("Suspended", condition(first, "Progressing", "reason"));
    assertEquals(
        "The policy has been suspended since 2026-03-01T00:00:00Z: 60 nodes are frozen as they are"
            + " (59 warm).",
        condition(first, "Progressing", "message"));
    assertEquals("Suspended", condition(first, "Available", "reason"));
    assertEquals(
        "59/60 nodes are available, the others are frozen.",
        condition(first, "Available", "message"));
    assertEquals("True", condition(first, "Suspended", "status"));
    assertEquals(
        json("{'matched': 60, 'configured': 60, 'warm': 59, 'waiting': 1, 'frozen': 60}"),
        first.get("nodes"));
    assertEquals(
        "The policy has been suspended since 2026-03-01T00:00:00Z: 60 nodes are frozen as they are"
            + " (60 warm).",
        condition(later, "Progressing", "message"));
    assertEquals("True", condition(later, "Available", "status"));
    assertEquals("AllNodes", condition(later, "Available", "reason"));
  }

  @Test
  void policyNamesTheOtherPolicyThatFreezesItsNodes() {
    JsonObject status = status(valid(), frozen(12, 11, 1, "base"), NOW);
    assertEquals("Frozen", condition(status, "Progressing", "reason"));
    assertEquals(
        "12 nodes are frozen as they are (11 warm): policy base is suspended.",
        condition(status, "Progressing", "message"));
    assertEquals("Frozen", condition(status, "Available", "reason"));
    assertFalse(status.toString().contains("\"Suspended\""), "it is not suspended itself");
  }

  @Test
  void changeableNodesArePendingBesideFrozenOnes() {
    PolicyCounts.Sum sum = new PolicyCounts.Sum();
    sum.add(new NodeCount(true, true, false, "v", List.of(), suspendedBy("base")), true, true);
    sum.add(new NodeCount(true, false, true, "v", List.of(), Optional.empty()), true, true);
    JsonObject status = status(valid(), sum.counts(), NOW);
    assertEquals(
        "1 of 2 nodes wait for their gates, 0 are not configured yet. 1 node is frozen as it is (1"
            + " warm): policy base is suspended.",
        condition(status, "Progressing", "message"));
    assertEquals("NotAllNodes", condition(status, "Available", "reason"));
  }

  @Test
  void nodeWithAFailedPullIsNamedWithItsPod() {
    PolicyCounts.Sum sum = new PolicyCounts.Sum();
    PullFailure failure = new PullFailure("p", "1", "ns/spinner-x", "ErrImagePull: no such image");
    for (String node : List.of("b", "a")) {
      sum.add(new NodeCount(true, true, false, "v", List.of(), Optional.empty()), true, true);
      sum.addPullFailure(node, failure);
    }
    JsonObject status = status(valid(), sum.counts(), NOW);
    assertEquals("False", condition(status, "ImagesPulled", "status"));
    assertEquals("ImagePullFailed", condition(status, "ImagesPulled", "reason"));
    assertEquals(
        "An image cannot be pulled on 2 nodes. Pod ns/spinner-x on node a reports: ErrImagePull:"
            + " no such image",
        condition(status, "ImagesPulled", "message"));
  }

  private static PolicyCounts frozen(int nodes, int warm, int waiting, String by) {
    PolicyCounts.Sum sum = new PolicyCounts.Sum();
    for (int i = 0; i < nodes; i++) {
      sum.add(
          new NodeCount(true, i < warm, i >= nodes - waiting, "v", List.of(), suspendedBy(by)),
          true,
          true);
    }
    return sum.counts();
  }

  private static Optional<Freeze> suspendedBy(String policy) {
    return Optional.of(new Freeze(Freeze.Cause.SUSPENDED, policy, true));
  }

  private static PolicyCounts counts(
      int matched, int configured, int done, int warm, int waiting, Map<String, Integer> versions) {
    return PolicyCounts.of(new Nodes(matched, configured, done, warm, waiting, 0), versions);
  }

  private static PolicyStatus.Facts facts(PolicyCounts counts) {
    return new PolicyStatus.Facts(
        counts, PolicyCleanup.NONE, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static JsonObject status(PolicyCatalog.Entry entry, PolicyCounts counts, Instant now) {
    return PolicyStatus.of(entry, facts(counts), entry.latest().status(), now);
  }

  @Test
  void transitionTimeChangesOnlyWithTheStatusOfTheCondition() {
    PolicyObject before = PolicyFixture.withStatus(policy("p", "{}"), status(valid(), DONE, NOW));
    PolicyCatalog catalog = PolicyFixture.catalog(before);
    JsonObject after =
        status(
            catalog.entry("p").get(), counts(4, 3, 3, 2, 1, Map.of("v1", 3)), NOW.plusSeconds(60));
    assertEquals("2026-03-01T00:00:00Z", condition(after, "Valid", "lastTransitionTime"));
    assertEquals("2026-03-01T00:01:00Z", condition(after, "Available", "lastTransitionTime"));
  }

  @Test
  void onlyTheEightLargestVersionsAreListedLargestFirst() {
    Map<String, Integer> versions = new HashMap<>();
    for (int i = 1; i <= 10; i++) {
      versions.put("v" + (char) ('a' + i), i == 4 ? 5 : i);
    }
    JsonArray listed =
        status(valid(), counts(99, 99, 99, 99, 0, versions), NOW).getAsJsonArray("configVersions");
    assertEquals(8, listed.size());
    assertEquals(json("{'version': 'vk', 'nodes': 10}"), listed.get(0));
    assertEquals(json("{'version': 've', 'nodes': 5}"), listed.get(5), "a tie goes by name");
    assertEquals(json("{'version': 'vf', 'nodes': 5}"), listed.get(6));
  }

  /** A list with an entry for each node, patched by each node, grows with the square of them. */
  @Test
  void statusSizeDoesNotGrowWithTheFleet() {
    int small = status(valid(), countsOf(100), NOW).toString().length();
    int large = status(valid(), countsOf(9_900), NOW).toString().length();
    assertTrue(large <= small + 40, small + " characters for 100 nodes, " + large + " for 9,900");
  }

  private static PolicyCounts countsOf(int nodes) {
    Map<String, Integer> versions = new HashMap<>();
    SortedSet<String> daemonSets = new TreeSet<>();
    for (int i = 0; i < nodes; i++) {
      versions.merge("version-%03d".formatted(i % 50), 1, Integer::sum);
      daemonSets.add("kube-system/agent-%04d".formatted(i));
    }
    return new PolicyCounts(
        new Nodes(nodes, nodes, 0, 0, nodes, 0),
        versions,
        new PolicyCounts.Deadlocks(nodes, daemonSets),
        PolicyCounts.Frozen.NONE,
        PolicyCounts.PullFailures.NONE);
  }

  private static PolicyCatalog.Entry valid() {
    return PolicyFixture.catalog(policy("p", "{}")).entry("p").get();
  }

  private static String condition(JsonObject status, String type, String field) {
    for (var condition : status.getAsJsonArray("conditions")) {
      if (condition.getAsJsonObject().get("type").getAsString().equals(type)) {
        return condition.getAsJsonObject().get(field).getAsString();
      }
    }
    throw new AssertionError("no condition " + type + " in " + status);
  }
}
