// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.nodeqos.reconcile.policies.Conditions.Condition;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** A dry run in the status of its policy: {@code status.dryRun} and the conditions. */
final class DryRunStatus {
  static final String FIELD = "dryRun";

  /** Present only on a dry run. */
  static final String DRY_RUN = "DryRun";

  private static final String EVALUATED = "Evaluated";
  private static final int MAX_GROUPS = 5;
  private static final int MAX_CHANGES = 12;
  private static final int MAX_OTHERS = 5;
  private static final int MAX_TEXT = 400;

  private DryRunStatus() {}

  /**
   * The conditions, in the order of the status. No node has to change, so the policy is ready; it
   * is not available, as no node follows it.
   */
  static List<Condition> conditions(DryRunResult result) {
    Condition ready = new Condition(Readiness.READY, true, DRY_RUN, cut(result.sentence()));
    String idle = "The policy is a dry run: no node follows it.";
    return Stream.concat(
            Stream.of(
                new Condition(
                    PolicyConditions.VALID,
                    true,
                    DRY_RUN,
                    "The policy is a dry run: nothing is written to nodes for it."),
                new Condition(PolicyConditions.PROGRESSING, false, DRY_RUN, idle),
                new Condition(PolicyConditions.AVAILABLE, false, DRY_RUN, idle)),
            Stream.concat(
                Readiness.ready(ready).conditions().stream(),
                Stream.of(new Condition(DRY_RUN, true, EVALUATED, cut(result.sentence())))))
        .toList();
  }

  /** The value of the field of the status; its size does not grow with the fleet. */
  static JsonObject json(DryRunResult result) {
    JsonObject json = new JsonObject();
    json.addProperty("selected", result.selected());
    json.addProperty("changed", result.changed());
    json.addProperty("groups", result.groups().size());
    json.add("largestGroups", list(result.groups(), MAX_GROUPS, DryRunStatus::group));
    json.add("unchanged", list(result.unchanged(), MAX_OTHERS, DryRunStatus::stay));
    json.add("warnings", list(result.warnings(), MAX_OTHERS, DryRunStatus::warning));
    return json;
  }

  /**
   * Removes the field from a status that is written without it.
   *
   * @param present the present status: a merge patch does not remove fields that it does not name
   */
  static void clear(JsonObject status, JsonObject present) {
    if (!status.has(FIELD) && present.get(FIELD) instanceof JsonObject) {
      status.add(FIELD, JsonNull.INSTANCE);
    }
  }

  private static JsonObject group(DryRunResult.Group group) {
    JsonObject json = new JsonObject();
    json.addProperty("nodes", group.nodes());
    json.add("examples", texts(group.examples()));
    json.add("changes", texts(group.changes().stream().limit(MAX_CHANGES).toList()));
    int more = group.changes().size() - MAX_CHANGES;
    if (more > 0) {
      json.getAsJsonArray("changes").add(more + " more");
    }
    return json;
  }

  private static JsonObject stay(DryRunResult.Stay stay) {
    return reason(stay.reason(), stay.nodes(), stay.message());
  }

  private static JsonObject warning(DryRunResult.Warning warning) {
    return reason(warning.reason(), warning.nodes(), warning.message());
  }

  private static JsonObject reason(String reason, int nodes, String message) {
    JsonObject json = new JsonObject();
    json.addProperty("reason", reason);
    json.addProperty("nodes", nodes);
    json.addProperty("message", cut(message));
    return json;
  }

  private static <T> JsonArray list(List<T> all, int most, Function<T, JsonObject> json) {
    JsonArray list = new JsonArray();
    all.stream().limit(most).map(json).forEach(list::add);
    return list;
  }

  private static JsonArray texts(List<String> all) {
    JsonArray list = new JsonArray();
    all.forEach(text -> list.add(cut(text)));
    return list;
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
  }
}
