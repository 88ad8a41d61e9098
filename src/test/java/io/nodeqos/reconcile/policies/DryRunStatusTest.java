// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import static io.nodeqos.fixture.PolicyFixture.json;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.reconcile.fleet.PolicyCounts;
import io.nodeqos.reconcile.policies.DryRunResult.Group;
import io.nodeqos.reconcile.policies.DryRunResult.Stay;
import io.nodeqos.reconcile.policies.DryRunResult.Warning;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DryRunStatusTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  @Test
  void resultIsInTheStatusAndInTheCondition() {
    JsonObject status =
        status(
            new DryRunResult(
                60,
                48,
                List.of(new Group(48, List.of("a", "b"), List.of("~ label k: 1 -> 2"))),
                List.of(new Stay(12, "AnotherPolicy", "their quota is from policy override")),
                List.of(new Warning("SelectsNothing", 0, "It selects nothing."))));

    assertEquals(
        json(
            """
            {'selected': 60, 'changed': 48, 'groups': 1,
             'largestGroups': [
               {'nodes': 48, 'examples': ['a', 'b'], 'changes': ['~ label k: 1 -> 2']}],
             'unchanged': [{'reason': 'AnotherPolicy', 'nodes': 12,
               'message': 'their quota is from policy override'}],
             'warnings': [{'reason': 'SelectsNothing', 'nodes': 0,
               'message': 'It selects nothing.'}]}"""),
        status.get("dryRun"));
    assertEquals(
        json("{'matched': 60, 'configured': 0, 'warm': 0, 'waiting': 0, 'frozen': 0}"),
        status.get("nodes"),
        "as kubectl get shows it");
    Conditions conditions = Conditions.in(status);
    assertEquals(
        "In force, the policy would change 48 of the 60 nodes that it selects, with 1 warning: It"
            + " selects nothing.",
        conditions.message("DryRun"));
    assertTrue(conditions.isTrue("DryRun"));
    assertTrue(conditions.isTrue("Valid"));
    assertTrue(conditions.isFalse("Available"), "no node follows it");
    assertTrue(conditions.isFalse("Progressing"));
  }

  @Test
  void sizeOfTheStatusIsBounded() {
    List<String> changes = new ArrayList<>();
    List<Group> groups = new ArrayList<>();
    List<Warning> warnings = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      changes.add("x".repeat(2_000));
      groups.add(new Group(50, List.of("a", "b", "c", "d", "e"), changes));
      warnings.add(new Warning("W", 1, "y".repeat(2_000)));
    }
    JsonObject status = status(new DryRunResult(5_000, 5_000, groups, List.of(), warnings));

    assertEquals(100, status.getAsJsonObject("dryRun").get("groups").getAsInt());
    assertTrue(status.toString().length() < 35_000, "" + status.toString().length());
  }

  @Test
  void resultIsRemovedFromTheStatusOfAPolicyThatIsInForce() {
    JsonObject present = status(new DryRunResult(1, 1, List.of(), List.of(), List.of()));
    JsonObject next = new JsonObject();
    DryRunStatus.clear(next, present);
    assertTrue(next.get("dryRun").isJsonNull());
    DryRunStatus.clear(present, present);
    assertTrue(present.get("dryRun").isJsonObject());
  }

  private static JsonObject status(DryRunResult result) {
    PolicyCatalog catalog = PolicyFixture.catalog(policy("p", "{'dryRun': true}"));
    return PolicyStatus.of(
        catalog.entry("p").get(),
        new PolicyStatus.Facts(
            PolicyCounts.NONE,
            PolicyCleanup.NONE,
            Optional.empty(),
            Optional.empty(),
            Optional.of(new DryRuns.Evaluation(result, Duration.ZERO))),
        new JsonObject(),
        NOW);
  }
}
