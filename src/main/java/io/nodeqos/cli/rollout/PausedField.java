// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import java.util.ArrayList;
import java.util.List;

/** {@code spec.rollout.paused} of a policy. */
final class PausedField {
  private static final String FIELD = "paused";

  private final ClusterOptions cluster;
  private final OutputOptions output;

  PausedField(ClusterOptions cluster, OutputOptions output) {
    this.cluster = cluster;
    this.output = output;
  }

  /**
   * Writes the field, unless it says so already.
   *
   * @return the exit code
   */
  int set(String policy, boolean paused) {
    RolloutView view = VersionsReader.of(cluster).rollout(policy);
    boolean changed = isPaused(rollout(policy, view.versions().policy().spec())) != paused;
    long generation =
        changed
            ? PolicyEditor.of(cluster).edit(policy, spec -> edited(policy, spec, paused), false)
            : view.versions().policy().meta().generation();
    output.print(
        paused ? "RolloutPause" : "RolloutResume",
        () -> body(view, generation, paused, changed),
        format -> lines(view, generation, paused, changed));
    return ExitCodes.DONE;
  }

  private static JsonObject edited(String policy, JsonObject spec, boolean paused) {
    JsonObject rollout = rollout(policy, spec);
    if (paused) {
      rollout.addProperty(FIELD, true);
    } else {
      rollout.remove(FIELD);
    }
    return spec;
  }

  private static JsonObject rollout(String policy, JsonObject spec) {
    if (spec.get("rollout") instanceof JsonObject rollout) {
      return rollout;
    }
    throw CommandException.failed(
        "NoRollout",
        "policy " + policy + " has no spec.rollout: a change reaches all its nodes at once");
  }

  private static boolean isPaused(JsonObject rollout) {
    return rollout.get(FIELD) instanceof JsonPrimitive value && value.getAsBoolean();
  }

  private static JsonObject body(
      RolloutView view, long generation, boolean paused, boolean changed) {
    JsonObject body = new JsonObject();
    body.addProperty("policy", view.policy());
    body.addProperty("generation", generation);
    body.addProperty("paused", paused);
    body.addProperty("changed", changed);
    body.addProperty("underWay", view.isUnderWay());
    view.nodes()
        .ifPresent(
            nodes -> {
              JsonArray names = new JsonArray();
              nodes.names().forEach(names::add);
              body.add("nodesOnTarget", names);
            });
    return body;
  }

  private static List<String> lines(
      RolloutView view, long generation, boolean paused, boolean changed) {
    String state = paused ? "paused" : "not paused";
    List<String> lines = new ArrayList<>();
    lines.add(
        changed
            ? "policy "
                + view.policy()
                + " is "
                + state
                + " now, as generation "
                + generation
                + (paused ? ": no node gets another revision" : "")
            : "policy " + view.policy() + " is " + state + " already. Nothing was written.");
    lines.add(new RolloutSentence(view).between());
    return lines;
  }
}
