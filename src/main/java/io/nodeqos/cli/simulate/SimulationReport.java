// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.cli.simulate.ExpectationCheck.Outcome;
import io.nodeqos.cli.simulate.SimulationResult.PolicyResult;
import io.nodeqos.cli.simulate.SimulationResult.WaitingGroup;
import io.nodeqos.cli.simulate.SimulationResult.Warning;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Everything that a run of the command has found out.
 *
 * @param notes about parts of the input that are missing
 * @param took real time; zero where it is not to be shown
 */
record SimulationReport(
    SimulationResult result,
    List<WhatIf.Answer> answers,
    String expectationsFile,
    List<Outcome> outcomes,
    List<String> notes,
    long seed,
    Duration took) {

  /** With expectations only these count; without, every warning does. */
  boolean asExpected() {
    return outcomes.isEmpty()
        ? result.warnings().isEmpty()
            && result.policies().stream().allMatch(policy -> policy.problems().isEmpty())
        : outcomes.stream().allMatch(Outcome::holds);
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("seconds", result.length().toSeconds());
    json.addProperty("seed", seed);
    JsonObject nodes = new JsonObject();
    nodes.addProperty("present", count(node -> !node.isNew()));
    nodes.addProperty("toJoin", result.joining());
    nodes.addProperty("joined", count(NodeHistory::isNew));
    nodes.addProperty("becameWarm", count(node -> node.warmAt().isPresent()));
    nodes.addProperty("marksLost", result.run().marksLost());
    json.add("nodes", nodes);
    JsonObject writes = new JsonObject();
    result.run().writes().forEach(writes::addProperty);
    json.add("writes", writes);
    json.addProperty("failedWrites", result.run().failedWrites());
    JsonArray all = new JsonArray();
    notes.forEach(all::add);
    json.add("notes", all);
    json.add("policies", policies());
    json.add("waiting", waiting());
    json.add("warnings", warnings());
    json.add("whatIf", whatIf());
    json.add("expectations", expectations());
    json.addProperty("asExpected", asExpected());
    return json;
  }

  private long count(Predicate<NodeHistory> wanted) {
    return result.run().nodes().stream().filter(wanted).count();
  }

  private JsonArray policies() {
    JsonArray all = new JsonArray();
    for (PolicyResult policy : result.policies()) {
      JsonObject one = new JsonObject();
      one.addProperty("name", policy.name());
      JsonArray problems = new JsonArray();
      policy.problems().forEach(problems::add);
      one.add("problems", problems);
      one.addProperty("inForce", policy.inForce());
      one.addProperty("nodes", policy.matched());
      one.addProperty("configured", policy.configured());
      one.addProperty("warm", policy.warm());
      one.addProperty("waiting", policy.waiting());
      one.addProperty("deadlock", policy.deadlocked());
      one.addProperty("braked", policy.braked());
      all.add(one);
    }
    return all;
  }

  private JsonArray waiting() {
    JsonArray all = new JsonArray();
    for (WaitingGroup group : result.waiting()) {
      JsonObject one = new JsonObject();
      one.addProperty("reason", group.reason());
      one.addProperty("message", group.message());
      one.addProperty("nodes", group.count());
      one.addProperty("first", group.first());
      all.add(one);
    }
    return all;
  }

  private JsonArray warnings() {
    JsonArray all = new JsonArray();
    for (Warning warning : result.warnings()) {
      JsonObject one = new JsonObject();
      one.addProperty("seconds", Duration.between(result.start(), warning.at()).toSeconds());
      one.addProperty("type", warning.type());
      one.addProperty("policy", warning.policy());
      one.addProperty("nodes", warning.count());
      one.addProperty("first", warning.first());
      one.addProperty("message", warning.message());
      all.add(one);
    }
    return all;
  }

  private JsonArray whatIf() {
    JsonArray all = new JsonArray();
    for (WhatIf.Answer answer : answers) {
      JsonObject one = new JsonObject();
      one.addProperty("question", answer.question());
      one.addProperty("marksLost", answer.marksLost());
      one.addProperty("warmBefore", answer.warmBefore());
      one.addProperty("braked", answer.braked());
      one.addProperty("writes", answer.writes());
      all.add(one);
    }
    return all;
  }

  private JsonArray expectations() {
    JsonArray all = new JsonArray();
    for (Outcome outcome : outcomes) {
      JsonObject one = new JsonObject();
      one.addProperty("expectation", outcome.expectation());
      one.addProperty("holds", outcome.holds());
      Optional<String> failure = outcome.failure();
      failure.ifPresent(why -> one.addProperty("failure", why));
      all.add(one);
    }
    return all;
  }
}
