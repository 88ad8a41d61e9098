// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.PolicyFixture.json;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.FleetIndex.PolicyCounts;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PolicyStatusTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00.9Z");
  private static final PolicyCounts DONE = new PolicyCounts(3, 3, 3, 2, 0, Map.of("v1", 3));

  @Test
  void aPolicyThatIsDoneIsValidAvailableAndNotProgressing() {
    JsonObject status = PolicyStatus.of(valid(), DONE, Cleaning.NONE, Optional.empty(), NOW);
    assertEquals(1, status.get("observedGeneration").getAsInt());
    assertEquals(
        json("{'matched': 3, 'configured': 3, 'warm': 2, 'waiting': 0}"), status.get("nodes"));
    assertEquals("True", condition(status, "Valid", "status"));
    assertEquals("False", condition(status, "Progressing", "status"));
    assertEquals("True", condition(status, "Available", "status"));
    assertEquals("2026-03-01T00:00:00Z", condition(status, "Valid", "lastTransitionTime"));
  }

  @Test
  void noNumberOfNodesIsEverNegative() {
    JsonObject status =
        PolicyStatus.of(
            valid(),
            new PolicyCounts(3, 0, 0, 0, 3, Map.of()),
            Cleaning.NONE,
            Optional.empty(),
            NOW);
    assertEquals("0 of 3 nodes are done.", condition(status, "Available", "message"));
    assertEquals(
        "3 of 3 nodes wait for their gates, 3 are not configured yet.",
        condition(status, "Progressing", "message"));
  }

  @Test
  void anInvalidPolicySaysAllThatIsWrongAndWhatIsInForce() {
    PolicyCatalog catalog = PolicyFixture.catalog(policy("p", "{'priority': 'x', 'quota': 1}"));
    JsonObject never =
        PolicyStatus.of(
            catalog.entry("p").get(), PolicyCounts.NONE, Cleaning.NONE, Optional.empty(), NOW);
    assertEquals("False", condition(never, "Valid", "status"));
    assertTrue(condition(never, "Valid", "message").contains("spec.priority"));
    assertTrue(condition(never, "Valid", "message").contains("spec.quota"));
    assertTrue(condition(never, "Valid", "message").endsWith(" It has no effect."));
    assertEquals("False", condition(never, "Available", "status"));

    PolicyCatalog wasGood = PolicyFixture.catalog(policy("p", "{}"));
    wasGood.apply(policy("p", 2, PolicyFixture.CREATED, "{'priority': 'x'}"));
    JsonObject kept =
        PolicyStatus.of(wasGood.entry("p").get(), DONE, Cleaning.NONE, Optional.empty(), NOW);
    assertEquals(2, kept.get("observedGeneration").getAsInt());
    assertTrue(
        condition(kept, "Valid", "message").endsWith(" The last valid version stays in force."));
    assertEquals("True", condition(kept, "Available", "status"), "by its last valid version");
  }

  @Test
  void aTransitionTimeStaysUntilTheStatusOfTheConditionChanges() {
    PolicyObject before =
        PolicyFixture.withStatus(
            policy("p", "{}"),
            PolicyStatus.of(valid(), DONE, Cleaning.NONE, Optional.empty(), NOW));
    PolicyCatalog catalog = PolicyFixture.catalog(before);
    JsonObject after =
        PolicyStatus.of(
            catalog.entry("p").get(),
            new PolicyCounts(4, 3, 3, 2, 1, Map.of("v1", 3)),
            Cleaning.NONE,
            Optional.empty(),
            NOW.plusSeconds(60));
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
        PolicyStatus.of(
                valid(),
                new PolicyCounts(99, 99, 99, 99, 0, versions),
                Cleaning.NONE,
                Optional.empty(),
                NOW)
            .getAsJsonArray("configVersions");
    assertEquals(8, listed.size());
    assertEquals(json("{'version': 'vk', 'nodes': 10}"), listed.get(0));
    assertEquals(json("{'version': 've', 'nodes': 5}"), listed.get(5), "a tie goes by name");
    assertEquals(json("{'version': 'vf', 'nodes': 5}"), listed.get(6));
  }

  /** A list with an entry for each node, patched by each node, grows with the square of them. */
  @Test
  void itsSizeDoesNotGrowWithTheFleet() {
    int small =
        PolicyStatus.of(valid(), countsOf(100), Cleaning.NONE, Optional.empty(), NOW)
            .toString()
            .length();
    int large =
        PolicyStatus.of(valid(), countsOf(9_900), Cleaning.NONE, Optional.empty(), NOW)
            .toString()
            .length();
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
        nodes, nodes, 0, 0, nodes, versions, new FleetIndex.Deadlocks(nodes, daemonSets));
  }

  @Test
  void theOrderOfFieldsAndFieldsOfOthersAreNoDifference() {
    JsonObject wanted = json("{'observedGeneration': 1, 'nodes': {'warm': 1, 'matched': 2}}");
    assertTrue(
        PolicyStatus.isIn(
            wanted,
            json("{'nodes': {'matched': 2, 'warm': 1}, 'other': [], 'observedGeneration': 1}")));
    assertFalse(PolicyStatus.isIn(wanted, json("{'observedGeneration': 1}")));
    assertFalse(
        PolicyStatus.isIn(
            wanted, json("{'observedGeneration': 1, 'nodes': {'matched': 2, 'warm': 2}}")));
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
