// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain.answer;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.explain.answer.Explanation.Advice;
import io.nodeqos.explain.answer.Explanation.Cause;
import io.nodeqos.explain.answer.Explanation.Configuration;
import io.nodeqos.explain.answer.Explanation.Gate;
import io.nodeqos.explain.answer.Explanation.GateState;
import io.nodeqos.explain.answer.Explanation.ObjectRef;
import io.nodeqos.explain.answer.Explanation.Peers;
import io.nodeqos.explain.answer.Explanation.Standing;
import java.time.Duration;
import java.util.Collection;

/**
 * An explanation as JSON, without apiVersion and kind. Fields are only ever added; a fact that is
 * not known is absent.
 */
public final class ExplanationJson {
  /** The kind of the whole object. */
  public static final String KIND = "Explanation";

  private ExplanationJson() {}

  public static JsonObject of(Explanation e) {
    Standing s = e.standing();
    JsonObject json = new JsonObject();
    json.addProperty("node", e.node());
    json.addProperty("phase", s.phase().label());
    json.addProperty("warm", s.warm());
    json.addProperty("at", s.at().toString());
    s.since().ifPresent(since -> json.addProperty("since", since.toString()));
    s.age()
        .filter(age -> !s.warm())
        .map(Duration::toSeconds)
        .ifPresent(seconds -> json.addProperty("waitSeconds", seconds));
    s.stable()
        .ifPresent(
            stable -> {
              JsonObject wait = new JsonObject();
              wait.addProperty("seconds", stable.wanted().toSeconds());
              wait.addProperty("begun", stable.begun());
              stable.since().ifPresent(since -> wait.addProperty("since", since.toString()));
              json.add("stableFor", wait);
            });
    s.usual()
        .ifPresent(
            usual -> {
              json.addProperty("expectedP95Seconds", usual.p95().toSeconds());
              json.addProperty("expectedOfNodes", usual.nodes());
            });
    json.addProperty("reason", e.diagnosis().reason());
    json.addProperty("why", e.diagnosis().why());
    json.addProperty("message", ExplanationText.firstLine(e));
    s.taint().ifPresent(taint -> json.addProperty("taint", taint));
    s.warmUpPolicy().ifPresent(policy -> json.addProperty("warmUpPolicy", policy));
    json.add("gates", array(e.gates().stream().map(ExplanationJson::gate).toList()));
    json.add("blockers", array(e.causes().stream().map(ExplanationJson::cause).toList()));
    json.add("advice", array(e.advice().stream().map(ExplanationJson::advice).toList()));
    json.add("config", configuration(e.configuration()));
    json.add(
        "history",
        array(
            e.history().stream()
                .map(
                    event -> {
                      JsonObject one = new JsonObject();
                      one.addProperty("at", event.at().toString());
                      one.addProperty("type", event.type());
                      one.addProperty("message", event.message());
                      return one;
                    })
                .toList()));
    json.add("missing", texts(e.missing()));
    return json;
  }

  private static JsonObject gate(Gate gate) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", gate.kind().field());
    json.addProperty("subject", gate.subject());
    json.addProperty("state", gate.state().code());
    gate.since().ifPresent(since -> json.addProperty("since", since.toString()));
    json.addProperty("title", gate.title());
    json.addProperty("detail", gate.detail());
    if (gate.state() == GateState.OPEN) {
      json.addProperty("evidence", gate.detail());
    }
    gate.timeout()
        .ifPresent(
            timeout -> {
              JsonObject limit = new JsonObject();
              limit.addProperty("at", timeout.at().toString());
              limit.addProperty("onTimeout", timeout.releases() ? "Release" : "Hold");
              json.add("timeout", limit);
            });
    return json;
  }

  private static JsonObject cause(Cause cause) {
    JsonObject json = new JsonObject();
    json.add("object", object(cause.object()));
    json.addProperty("gate", cause.gate());
    json.addProperty("reason", cause.reason());
    json.addProperty("message", cause.message());
    json.addProperty("quote", cause.quote());
    Peers peers = cause.peers();
    json.add("sharedWith", texts(peers.nodes()));
    json.addProperty("sharedObject", peers.object());
    JsonObject common = new JsonObject();
    peers.common().forEach(common::addProperty);
    json.add("common", common);
    if (!peers.common().isEmpty()) {
      json.addProperty("inCommon", peers.inCommon());
    }
    return json;
  }

  private static JsonObject object(ObjectRef ref) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", ref.kind());
    json.addProperty("namespace", ref.namespace());
    json.addProperty("name", ref.name());
    return json;
  }

  private static JsonObject advice(Advice advice) {
    JsonObject json = new JsonObject();
    json.addProperty("text", advice.text());
    json.addProperty("command", advice.command());
    return json;
  }

  private static JsonObject configuration(Configuration c) {
    JsonObject json = new JsonObject();
    json.addProperty("version", c.wanted());
    json.addProperty("carried", c.carried());
    json.addProperty("applied", c.applied());
    c.writtenAt().ifPresent(at -> json.addProperty("writtenAt", at.toString()));
    json.addProperty("epoch", c.epoch());
    json.addProperty("traceId", c.traceId());
    JsonObject sections = new JsonObject();
    c.sections()
        .forEach(
            (field, source) -> {
              JsonObject one = new JsonObject();
              one.addProperty("policy", source.policy());
              one.addProperty("priority", source.priority());
              one.add("over", texts(source.over()));
              sections.add(field, one);
            });
    json.add("sections", sections);
    json.add("rollouts", texts(c.rollouts()));
    return json;
  }

  static JsonArray texts(Collection<String> all) {
    JsonArray array = new JsonArray();
    all.forEach(array::add);
    return array;
  }

  static JsonArray array(Collection<JsonObject> all) {
    JsonArray array = new JsonArray();
    all.forEach(array::add);
    return array;
  }
}
