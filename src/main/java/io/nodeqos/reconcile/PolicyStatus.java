// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.node.Reason;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.FleetIndex.PolicyCounts;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** Computes the status of a policy: a pure function of what is known of it. */
final class PolicyStatus {
  private static final int MAX_VERSIONS = 8;

  private PolicyStatus() {}

  /** The value that {@code status} should have; equal to the present one when nothing changed. */
  /**
   * @param images why its images are not pulled; there is a condition for that only then
   */
  static JsonObject of(
      PolicyCatalog.Entry entry,
      PolicyCounts counts,
      Cleaning cleaning,
      Optional<ImageProblems.Problem> images,
      Instant now) {
    JsonObject before = entry.latest().status();
    JsonObject status = new JsonObject();
    status.addProperty("observedGeneration", entry.latest().meta().generation());
    JsonObject nodes = new JsonObject();
    nodes.addProperty("matched", counts.matched());
    nodes.addProperty("configured", counts.configured());
    nodes.addProperty("warm", counts.warm());
    nodes.addProperty("waiting", counts.waiting());
    status.add("nodes", nodes);
    status.add("configVersions", versions(counts.versions()));
    JsonArray conditions = new JsonArray();
    conditions.add(condition(before, valid(entry), entry, now));
    conditions.add(condition(before, progressing(entry, counts, cleaning), entry, now));
    conditions.add(condition(before, available(entry, counts), entry, now));
    images
        .map(p -> new Condition("ImagesPulled", false, p.reason(), p.message()))
        .ifPresent(c -> conditions.add(condition(before, c, entry, now)));
    status.add("conditions", conditions);
    return status;
  }

  /**
   * True when {@code present} holds all of {@code wanted}, in whatever order, and not what is null
   * there. A field that this version does not know stays as it is: a merge patch leaves it alone.
   */
  static boolean isIn(JsonObject wanted, JsonObject present) {
    return wanted.entrySet().stream()
        .allMatch(
            field ->
                field.getValue().isJsonNull()
                    ? !(present.get(field.getKey()) instanceof JsonObject)
                    : field.getValue().equals(present.get(field.getKey())));
  }

  /** True when the status of the policy already speaks of the present generation. */
  static boolean isAbout(PolicyObject policy) {
    return text(policy.status(), "observedGeneration")
        .equals(Long.toString(policy.meta().generation()));
  }

  /** Of the condition Valid in a status of a policy; both are empty when there is none. */
  record Validity(String status, String message) {
    boolean holds() {
      return status.equals("True");
    }

    boolean isDenied() {
      return status.equals("False");
    }

    static Validity in(JsonObject policyStatus) {
      return condition(policyStatus, "Valid")
          .map(c -> new Validity(text(c, "status"), text(c, "message")))
          .orElse(new Validity("", ""));
    }
  }

  private record Condition(String type, boolean holds, String reason, String message) {}

  private static Condition valid(PolicyCatalog.Entry entry) {
    if (entry.problems().isEmpty() && entry.latest().meta().deleting()) {
      return new Condition("Valid", true, "Accepted", "The policy is being deleted.");
    }
    if (entry.problems().isEmpty()) {
      return new Condition("Valid", true, "Accepted", "The policy is in force.");
    }
    String kept =
        entry.inForce().isPresent()
            ? " The last valid version stays in force."
            : " It has no effect.";
    return new Condition(
        "Valid", false, "Invalid", String.join("; ", entry.problems()) + "." + kept);
  }

  private static Condition progressing(
      PolicyCatalog.Entry entry, PolicyCounts counts, Cleaning cleaning) {
    if (cleaning.left() > 0 || entry.latest().meta().deleting()) {
      return new Condition("Progressing", true, "Cleaning", cleaning.sentence());
    }
    int left = counts.matched() - counts.configured();
    return counts.waiting() == 0 && left == 0
        ? new Condition("Progressing", false, "Settled", "Every node carries what it should.")
        : new Condition(
            "Progressing",
            true,
            "NodesPending",
            counts.waiting()
                + " of "
                + counts.matched()
                + " nodes wait for their gates, "
                + left
                + " are not configured yet.");
  }

  private static Condition available(PolicyCatalog.Entry entry, PolicyCounts counts) {
    boolean all = counts.done() == counts.matched();
    if (counts.deadlocks().nodes() > 0) {
      return new Condition(
          "Available",
          false,
          Reason.GATE_DEADLOCK.code(),
          counts.done()
              + " of "
              + counts.matched()
              + " nodes are done, "
              + counts.deadlocks().nodes()
              + " cannot get warm. "
              + Deadlock.sentence(counts.deadlocks().daemonSets()));
    }
    return entry.inForce().isPresent() && all
        ? new Condition(
            "Available",
            true,
            "AllNodes",
            counts.matched() == 1
                ? "The one node is done."
                : "All " + counts.matched() + " nodes are done.")
        : new Condition(
            "Available",
            false,
            "NotAllNodes",
            counts.done() + " of " + counts.matched() + " nodes are done.");
  }

  private static JsonObject condition(
      JsonObject before, Condition c, PolicyCatalog.Entry entry, Instant now) {
    String status = c.holds() ? "True" : "False";
    JsonObject json = new JsonObject();
    json.addProperty("type", c.type());
    json.addProperty("status", status);
    json.addProperty("observedGeneration", entry.latest().meta().generation());
    json.addProperty("lastTransitionTime", since(before, c.type(), status, now));
    json.addProperty("reason", c.reason());
    json.addProperty("message", c.message());
    return json;
  }

  /** Since when a condition has this status; now if it has not. */
  static String since(JsonObject before, String type, String status, Instant now) {
    return condition(before, type)
        .filter(c -> status.equals(text(c, "status")))
        .map(c -> text(c, "lastTransitionTime"))
        .filter(time -> !time.isEmpty())
        .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static Optional<JsonObject> condition(JsonObject policyStatus, String type) {
    if (policyStatus.get("conditions") instanceof JsonArray conditions) {
      for (JsonElement one : conditions) {
        if (one instanceof JsonObject condition && type.equals(text(condition, "type"))) {
          return Optional.of(condition);
        }
      }
    }
    return Optional.empty();
  }

  private static String text(JsonObject object, String field) {
    return object.has(field) && object.get(field).isJsonPrimitive()
        ? object.get(field).getAsString()
        : "";
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
