// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.plan;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.policy.rollout.RolloutSpec.Pause;
import io.nodeqos.reconcile.rollout.StepForecast;
import io.nodeqos.reconcile.rollout.StepForecast.Step;
import io.nodeqos.text.Column;
import io.nodeqos.text.Style;
import io.nodeqos.text.Table;
import io.nodeqos.text.TextFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The steps of a planned rollout, for a reader and for programs. */
final class RolloutLines {
  private static final int FIRST_NODES = 3;
  private static final int FIRST_ZONES = 5;

  private final TextFormat format;
  private final boolean allNodes;

  RolloutLines(TextFormat format, boolean allNodes) {
    this.format = format;
    this.allNodes = allNodes;
  }

  List<String> of(PlannedRollout planned) {
    StepForecast forecast = planned.forecast();
    List<String> lines = new ArrayList<>();
    lines.add(format.styled(Style.BOLD, title(planned)));
    Table table =
        Table.of(
            Column.of("  STEP"),
            Column.of("NODES"),
            Column.of("ZONES"),
            Column.of(allNodes ? "" : "FIRST NODES"),
            Column.of("THEN"));
    for (Step step : forecast.steps()) {
      table.row(
          "  " + step.number(),
          count(forecast, step),
          zones(step),
          allNodes ? "" : first(step.given()),
          then(step, step.number() == forecast.steps().size()));
    }
    lines.addAll(table.lines(new TextFormat(0, format.colours(), true)));
    if (allNodes) {
      for (Step step : forecast.steps()) {
        if (!step.given().isEmpty()) {
          lines.add("  step " + step.number());
          lines.addAll(PlanText.names(step.given()));
        }
      }
    }
    notes(planned).forEach(note -> lines.add("  " + note));
    lines.add("");
    return lines;
  }

  private static String title(PlannedRollout planned) {
    StepForecast forecast = planned.forecast();
    int promotions = forecast.promotions();
    return "rollout of policy "
        + planned.rollout().policy()
        + ": "
        + PlanText.plural(forecast.nodes(), "node")
        + " in "
        + PlanText.plural(forecast.steps().size(), "step")
        + ", at least "
        + GoDuration.format(forecast.least())
        + (promotions == 0 ? "" : " and " + PlanText.plural(promotions, "promotion"));
  }

  /** All nodes with the revision after the step, and in brackets those that the step adds. */
  private static String count(StepForecast forecast, Step step) {
    boolean isFirst = step.number() == 1 && forecast.updated() == 0;
    return step.wanted() + (isFirst ? "" : " (+" + step.given().size() + ")");
  }

  private String zones(Step step) {
    List<String> zones =
        step.zones().entrySet().stream()
            .map(zone -> (zone.getKey().isEmpty() ? "-" : zone.getKey()) + " " + zone.getValue())
            .toList();
    int shown = allNodes ? zones.size() : Math.min(zones.size(), FIRST_ZONES);
    return String.join(", ", zones.subList(0, shown))
        + (shown < zones.size() ? ", " + (zones.size() - shown) + " more" : "");
  }

  private static String first(List<String> nodes) {
    int more = nodes.size() - FIRST_NODES;
    return nodes.stream().limit(FIRST_NODES).collect(Collectors.joining(" "))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private static String then(Step step, boolean isLast) {
    Optional<Duration> pause = step.pause().flatMap(Pause::duration);
    return "healthy for "
        + GoDuration.format(step.soak())
        + pause.map(p -> ", pause of " + GoDuration.format(p)).orElse("")
        + (step.awaitsPromotion() ? ", then until it is promoted" : "")
        + (isLast ? ", then complete" : "");
  }

  private static List<String> notes(PlannedRollout planned) {
    List<String> notes = new ArrayList<>();
    StepForecast forecast = planned.forecast();
    if (planned.rollout().isSuspended()) {
      notes.add("no step begins while spec.suspend is true");
    } else if (planned.rollout().spec().paused()) {
      notes.add("no step begins while spec.rollout.paused is true");
    }
    if (forecast.updated() > 0) {
      notes.add(
          PlanText.plural(forecast.updated(), "node")
              + (forecast.updated() == 1 ? " has" : " have")
              + " these sections already");
    }
    if (forecast.held() > 0) {
      notes.add(
          PlanText.plural(forecast.held(), "node")
              + (forecast.held() == 1 ? " is" : " are")
              + " frozen by another policy, so that the rollout cannot complete before that ends");
    }
    return notes;
  }

  static JsonObject json(PlannedRollout planned) {
    StepForecast forecast = planned.forecast();
    JsonObject json = new JsonObject();
    json.addProperty("policy", planned.rollout().policy());
    json.addProperty("stable", planned.rollout().stable());
    json.addProperty("target", planned.rollout().target());
    json.addProperty("nodes", forecast.nodes());
    json.addProperty("updated", forecast.updated());
    json.addProperty("frozen", forecast.held());
    json.addProperty("paused", planned.isHeld());
    json.addProperty("maxConcurrent", planned.rollout().spec().maxConcurrent());
    json.addProperty("spreadBy", planned.rollout().spec().spreadBy());
    json.addProperty("leastSeconds", forecast.least().toSeconds());
    json.addProperty("promotions", forecast.promotions());
    JsonArray steps = new JsonArray();
    forecast.steps().forEach(step -> steps.add(json(step)));
    json.add("steps", steps);
    return json;
  }

  private static JsonObject json(Step step) {
    JsonObject json = new JsonObject();
    json.addProperty("step", step.number());
    json.addProperty("wanted", step.wanted());
    json.addProperty("count", step.given().size());
    JsonArray nodes = new JsonArray();
    step.given().forEach(nodes::add);
    json.add("nodes", nodes);
    JsonObject zones = new JsonObject();
    step.zones().forEach(zones::addProperty);
    json.add("zones", zones);
    json.addProperty("soakSeconds", step.soak().toSeconds());
    step.pause()
        .flatMap(Pause::duration)
        .ifPresent(pause -> json.addProperty("pauseSeconds", pause.toSeconds()));
    json.addProperty("awaitsPromotion", step.awaitsPromotion());
    return json;
  }
}
