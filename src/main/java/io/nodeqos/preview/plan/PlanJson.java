// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.plan;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.node.Keys;
import io.nodeqos.preview.change.Change;
import io.nodeqos.preview.change.ChangeGroup;
import io.nodeqos.preview.edit.FieldChange;
import io.nodeqos.preview.plan.PolicyPlan.PlannedPolicy;
import io.nodeqos.preview.plan.PolicyPlan.PlannedWrites;
import io.nodeqos.preview.plan.PolicyPlan.Stay;
import io.nodeqos.preview.warning.Warning;
import io.nodeqos.reconcile.brake.BrakeForecast.Forecast;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A plan for programs: an object of kind {@code Plan}. Fields are only ever added. */
public final class PlanJson {
  /** The kind of the object. */
  public static final String KIND = "Plan";

  private PlanJson() {}

  /** The object without apiVersion and kind. */
  public static JsonObject of(PolicyPlan plan) {
    JsonObject json = new JsonObject();
    json.add("policies", objects(plan.policies().stream().map(PlanJson::policy).toList()));
    json.addProperty("nodes", plan.nodes());
    json.addProperty("changed", plan.changed());
    json.addProperty("pending", plan.pending());
    json.add("groups", objects(plan.groups().stream().map(PlanJson::group).toList()));
    json.add("unchanged", objects(plan.stays().stream().map(PlanJson::stay).toList()));
    json.add("warnings", objects(plan.warnings().stream().map(PlanJson::warning).toList()));
    json.add("writes", writes(plan.writes()));
    json.add("rollouts", objects(plan.rollouts().stream().map(RolloutLines::json).toList()));
    json.add("brake", brake(plan));
    json.addProperty("serverAccepts", plan.serverAccepts());
    json.add("notChecked", texts(plan.notChecked()));
    return json;
  }

  private static JsonObject policy(PlannedPolicy policy) {
    JsonObject json = new JsonObject();
    json.addProperty("name", policy.edit().name());
    json.addProperty("action", policy.edit().action().name().toLowerCase(Locale.ROOT));
    policy.edit().before().ifPresent(p -> json.addProperty("from", p.meta().generation()));
    json.addProperty("dryRun", policy.edit().isDryRun());
    json.addProperty("selectedBefore", policy.selectedBefore());
    json.addProperty("selectedAfter", policy.selectedAfter());
    json.add("diff", objects(policy.edit().diff().stream().map(PlanJson::field).toList()));
    return json;
  }

  /** A changed field of a policy: path, op, and the values that there are. */
  public static JsonObject field(FieldChange change) {
    JsonObject json = new JsonObject();
    json.addProperty("path", change.path());
    json.addProperty("op", change.op());
    change.before().ifPresent(value -> json.add("old", value));
    change.after().ifPresent(value -> json.add("new", value));
    return json;
  }

  private static JsonObject group(ChangeGroup group) {
    JsonObject json = new JsonObject();
    json.addProperty("count", group.nodes().size());
    json.add("nodes", texts(group.nodes()));
    json.add("changes", objects(group.changes().stream().map(PlanJson::change).toList()));
    find(group, Keys.CONFIG_VERSION)
        .ifPresent(
            version -> {
              JsonObject pair = new JsonObject();
              pair.addProperty("old", version.before());
              pair.addProperty("new", version.after());
              json.add("configVersion", pair);
            });
    find(group, Keys.WARMED_UP)
        .ifPresent(
            mark -> {
              JsonObject pair = new JsonObject();
              pair.addProperty("now", !mark.before().isEmpty());
              pair.addProperty("then", !mark.after().isEmpty());
              json.add("mark", pair);
            });
    return json;
  }

  private static Optional<Change> find(ChangeGroup group, String label) {
    return group.changes().stream()
        .filter(c -> c.on() == Change.On.LABEL && c.key().equals(label))
        .findFirst();
  }

  private static JsonObject change(Change change) {
    JsonObject json = new JsonObject();
    json.addProperty("on", change.on().name().toLowerCase(Locale.ROOT));
    json.addProperty("key", change.key());
    json.addProperty("op", change.op().name().toLowerCase(Locale.ROOT));
    if (!change.before().isEmpty()) {
      json.addProperty("old", change.before());
    }
    if (!change.after().isEmpty()) {
      json.addProperty("new", change.after());
    }
    return json;
  }

  private static JsonObject stay(Stay stay) {
    JsonObject json = new JsonObject();
    json.addProperty("code", stay.code());
    json.addProperty("reason", stay.why());
    json.addProperty("count", stay.nodes().size());
    json.add("nodes", texts(stay.nodes()));
    return json;
  }

  private static JsonObject warning(Warning warning) {
    JsonObject json = new JsonObject();
    json.addProperty("code", warning.code().text());
    json.addProperty("policy", warning.policy());
    json.addProperty("message", warning.message());
    json.add("nodes", texts(warning.nodes()));
    json.add(
        "details", texts(warning.details().stream().map(d -> d.line(Integer.MAX_VALUE)).toList()));
    return json;
  }

  private static JsonObject writes(PlannedWrites writes) {
    JsonObject json = new JsonObject();
    json.addProperty("nodes", writes.nodes());
    json.addProperty("nodeStatus", writes.nodeStatus());
    json.addProperty("pulls", writes.pulls());
    json.add("daemonSets", texts(writes.daemonSets()));
    json.addProperty("writesPerSecond", writes.pace().writesPerSecond());
    json.addProperty("seconds", writes.least().toSeconds());
    json.addProperty("pullsAtATime", writes.pace().pullsAtATime());
    return json;
  }

  private static JsonObject brake(PolicyPlan plan) {
    JsonObject json = new JsonObject();
    json.addProperty("wouldLose", plan.marks().stream().mapToInt(Forecast::losing).sum());
    json.addProperty("holds", plan.marks().stream().anyMatch(Forecast::holds));
    json.add("policies", objects(plan.marks().stream().map(PlanJson::marks).toList()));
    json.add("ifContinuous", objects(plan.continuous().stream().map(PlanJson::marks).toList()));
    return json;
  }

  private static JsonObject marks(Forecast marks) {
    JsonObject json = new JsonObject();
    json.addProperty("policy", marks.policy());
    json.addProperty("wouldLose", marks.losing());
    json.addProperty("lost", marks.lost());
    json.addProperty("warm", marks.warm());
    json.addProperty("limit", marks.limit());
    json.addProperty("holds", marks.holds());
    return json;
  }

  private static JsonArray objects(List<JsonObject> all) {
    JsonArray array = new JsonArray();
    all.forEach(array::add);
    return array;
  }

  private static JsonArray texts(Collection<String> all) {
    JsonArray array = new JsonArray();
    all.forEach(array::add);
    return array;
  }
}
