// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Failure;
import java.time.Instant;
import java.util.List;

/** A rollout for programs. Fields are only ever added. */
final class RolloutStatusJson {
  static final String KIND = "RolloutStatus";

  private RolloutStatusJson() {}

  /** The body of a {@code RolloutStatus}. */
  static JsonObject of(RolloutView view, Instant now) {
    JsonObject body = new JsonObject();
    body.addProperty("policy", view.policy());
    body.addProperty("at", now.toString());
    body.addProperty("generation", view.versions().policy().meta().generation());
    body.addProperty("hasRollout", view.strategy().isPresent());
    JsonObject revision = new JsonObject();
    revision.addProperty("from", view.stable());
    revision.addProperty("to", view.target());
    body.add("revision", revision);
    body.addProperty("outcome", view.outcome().text());
    view.present().ifPresent(state -> addState(body, view, state, now));
    view.nodes().ifPresent(nodes -> body.add("zones", zones(nodes)));
    body.addProperty("message", new RolloutSentence(view).last());
    return body;
  }

  private static void addState(JsonObject body, RolloutView view, RolloutState state, Instant now) {
    body.addProperty("phase", state.phase().text());
    body.addProperty("reason", state.reason());
    body.addProperty("step", state.progress().step());
    JsonArray steps = new JsonArray();
    view.steps(now).forEach(row -> steps.add(step(row, state)));
    body.add("steps", steps);
    if (state.phase().isBack()) {
      JsonObject back = new JsonObject();
      back.addProperty("to", view.stable());
      back.addProperty("left", state.counts().updated());
      body.add("rolledBack", back);
    } else {
      JsonObject control = new JsonObject();
      control.addProperty("nodes", state.counts().control());
      control.addProperty("failed", state.counts().controlFailed());
      body.add("controlGroup", control);
    }
  }

  private static JsonObject step(StepRow row, RolloutState state) {
    JsonObject step = new JsonObject();
    step.addProperty("index", row.index());
    step.addProperty("nodes", row.nodes());
    row.counts()
        .ifPresent(
            counts -> {
              step.addProperty("updated", counts.updated());
              step.addProperty("healthy", counts.healthy());
              step.add("failed", failed(state.failed()));
            });
    row.soaked().ifPresent(soaked -> step.addProperty("soakedSeconds", soaked.toSeconds()));
    step.addProperty("soakSeconds", row.soak().toSeconds());
    step.addProperty("state", row.state());
    return step;
  }

  private static JsonArray failed(List<Failure> failures) {
    JsonArray all = new JsonArray();
    for (Failure failure : failures) {
      JsonObject one = new JsonObject();
      one.addProperty("node", failure.node());
      one.addProperty("at", failure.at().toString());
      one.addProperty("reason", failure.reason());
      one.addProperty("message", failure.message());
      all.add(one);
    }
    return all;
  }

  private static JsonArray zones(NodesOnTarget nodes) {
    JsonArray all = new JsonArray();
    for (NodesOnTarget.Zone zone : nodes.zones()) {
      JsonObject one = new JsonObject();
      one.addProperty("zone", zone.name());
      one.addProperty("nodes", zone.nodes());
      one.addProperty("updated", zone.updated());
      all.add(one);
    }
    return all;
  }
}
