// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.brake.Brake;
import io.nodeqos.reconcile.brake.BrakeStatus;
import io.nodeqos.reconcile.fleet.PolicyCounts;
import io.nodeqos.reconcile.images.ImageProblems;
import io.nodeqos.reconcile.policies.Conditions.Condition;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Computes the status of a policy: a pure function of its entry and the facts. */
public final class PolicyStatus {
  private static final int MAX_VERSIONS = 8;

  private PolicyStatus() {}

  /**
   * The facts of a status.
   *
   * @param images the problem that keeps its images from being pulled on all nodes
   * @param brake the running episode
   * @param dryRun present for a dry run
   */
  public record Facts(
      PolicyCounts counts,
      PolicyCleanup cleaning,
      Optional<ImageProblems.Problem> images,
      Optional<Brake.Episode> brake,
      Optional<DryRuns.Evaluation> dryRun) {}

  /**
   * The new value of {@code status}; equal to the last reported value when nothing changed.
   *
   * @param previous the last reported status, whose transition times are kept
   */
  public static JsonObject of(
      PolicyCatalog.Entry entry, Facts facts, JsonObject previous, Instant now) {
    Conditions before = Conditions.in(previous);
    long generation = entry.latest().meta().generation();
    JsonObject status = new JsonObject();
    status.addProperty("observedGeneration", generation);
    status.add("nodes", nodes(facts));
    status.add("configVersions", versions(facts.counts().versions()));
    status.add("conditions", before.next(conditions(entry, facts, before, now), generation, now));
    facts.brake().ifPresent(episode -> status.add(BrakeStatus.FIELD, BrakeStatus.json(episode)));
    facts
        .dryRun()
        .ifPresent(run -> status.add(DryRunStatus.FIELD, DryRunStatus.json(run.result())));
    return status;
  }

  private static List<Condition> conditions(
      PolicyCatalog.Entry entry, Facts facts, Conditions before, Instant now) {
    return facts
        .dryRun()
        .map(run -> DryRunStatus.conditions(run.result()))
        .orElseGet(
            () ->
                new PolicyConditions(
                        entry, facts, before.since(PolicyConditions.SUSPENDED, "True", now))
                    .all());
  }

  /** True when the status is about the present generation of the policy. */
  static boolean isAbout(JsonObject status, PolicyObject policy) {
    return status.has("observedGeneration")
        && status.get("observedGeneration").isJsonPrimitive()
        && status
            .get("observedGeneration")
            .getAsString()
            .equals(Long.toString(policy.meta().generation()));
  }

  private static JsonObject nodes(Facts facts) {
    PolicyCounts counts = facts.counts();
    JsonObject nodes = new JsonObject();
    // No node follows a dry run, but it selects some.
    nodes.addProperty(
        "matched",
        facts.dryRun().map(run -> run.result().selected()).orElse(counts.nodes().matched()));
    nodes.addProperty("configured", counts.nodes().configured());
    nodes.addProperty("warm", counts.nodes().warm());
    nodes.addProperty("waiting", counts.nodes().waiting());
    nodes.addProperty("frozen", counts.frozen().nodes());
    return nodes;
  }

  private static JsonArray versions(Map<String, Integer> counts) {
    JsonArray versions = new JsonArray();
    counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MAX_VERSIONS)
        .forEach(
            e -> {
              JsonObject version = new JsonObject();
              version.addProperty("version", e.getKey());
              version.addProperty("nodes", e.getValue());
              versions.add(version);
            });
    return versions;
  }
}
