// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.reconcile.brake.BrakeStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the status of a policy says that is not as it should be. */
public final class PolicyState {
  /** The status that each type has on a healthy policy. */
  private static final Set<String> GOOD_WHEN_TRUE = Set.of("Valid", "Available", "Ready");

  private PolicyState() {}

  /**
   * Of each policy that is invalid or braked, or whose rollout has stopped, one sentence with its
   * name, in this order.
   */
  public static List<String> ofAll(Collection<PolicyCatalog.Entry> entries) {
    return entries.stream().flatMap(entry -> ofOneOfAll(entry).stream()).toList();
  }

  private static Optional<String> ofOneOfAll(PolicyCatalog.Entry entry) {
    String name = "Policy " + entry.latest().name();
    if (!entry.problems().isEmpty()) {
      return Optional.of(name + " is invalid: " + String.join("; ", entry.problems()) + ".");
    }
    return conditions(entry).stream()
        .filter(c -> text(c, "reason").equals(BrakeStatus.REASON))
        .findFirst()
        .map(c -> name + " is braked: " + text(c, "message"))
        .or(() -> RolloutReading.inTrouble(entry).map(sentence -> name + ": " + sentence));
  }

  private static List<JsonObject> conditions(PolicyCatalog.Entry entry) {
    JsonElement conditions = entry.latest().status().get("conditions");
    return conditions == null || !conditions.isJsonArray()
        ? List.of()
        : conditions.getAsJsonArray().asList().stream()
            .filter(JsonElement::isJsonObject)
            .map(JsonElement::getAsJsonObject)
            .toList();
  }

  /** One sentence each: first the mistakes in the policy, then its conditions. */
  public static List<String> of(PolicyCatalog.Entry entry) {
    List<String> sentences = new ArrayList<>();
    if (!entry.problems().isEmpty()) {
      sentences.add(
          "The policy is invalid: "
              + String.join("; ", entry.problems())
              + "."
              + (entry.inForce().isPresent() ? " Its last valid version is in force." : ""));
    }
    List<JsonObject> conditions = conditions(entry);
    if (conditions.isEmpty()) {
      sentences.add("No replica has written its status yet.");
    }
    RolloutReading.of(entry).ifPresent(sentences::add);
    for (JsonObject condition : conditions) {
      // Several conditions can say the same.
      if (!isGood(condition)
          && sentences.stream().noneMatch(s -> s.endsWith(text(condition, "message")))) {
        sentences.add(
            text(condition, "type")
                + " is "
                + text(condition, "status")
                + " ("
                + text(condition, "reason")
                + "): "
                + text(condition, "message"));
      }
    }
    return sentences;
  }

  private static boolean isGood(JsonObject condition) {
    String wanted = GOOD_WHEN_TRUE.contains(text(condition, "type")) ? "True" : "False";
    return text(condition, "status").equals(wanted);
  }

  private static String text(JsonObject in, String field) {
    JsonElement value = in.get(field);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
  }
}
