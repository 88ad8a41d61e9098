// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.status;

import com.google.gson.JsonObject;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.replica.NoReplicaException;
import io.nodeqos.cli.replica.ReplicaAccess;
import io.nodeqos.cli.replica.ReplicaAnswer;
import io.nodeqos.cli.replica.ServerNodes;
import io.nodeqos.cli.replica.Unanswered;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The state of one node.
 *
 * @param state as {@code /snapshot?node=} has it, or a part of that
 * @param source the replica, in words; empty without one
 * @param missing why there is no answer of a replica, and what that leaves out; empty with one
 */
record NodeAnswer(JsonObject state, String source, Optional<String> missing) {
  /**
   * Asks a replica, else the API server.
   *
   * @throws CommandException when there is no such node, or no answer
   */
  static NodeAnswer of(String node, ReplicaAccess replica, ServerNodes nodes) {
    String why;
    try {
      ReplicaAnswer answer = replica.get("/snapshot", Map.of("node", node));
      if (answer.isOk()) {
        return new NodeAnswer(answer.json(), answer.from(), Optional.empty());
      }
      if (answer.status() == 404) {
        throw noSuchNode(node);
      }
      why = answer.from() + ": " + answer.refusal();
    } catch (NoReplicaException e) {
      why = e.getMessage();
    }
    try {
      NodeView view = nodes.one(node).orElseThrow(() -> noSuchNode(node));
      return new NodeAnswer(
          state(view),
          "",
          Optional.of(
              why + "; shown are the marks of the Node, without gates, queue, writes and history"));
    } catch (IOException e) {
      throw CommandException.failed("NoReplica", Unanswered.sentence(why, "node " + node, e))
          .causedBy(e);
    }
  }

  private static CommandException noSuchNode(String node) {
    return CommandException.failed("NotFound", "there is no node " + node);
  }

  private static JsonObject state(NodeView view) {
    MarkedNode marked = MarkedNode.of(view);
    JsonObject config = new JsonObject();
    config.addProperty("carried", view.labels().getOrDefault(Keys.CONFIG_VERSION, ""));
    config.addProperty("applied", view.annotations().getOrDefault(Keys.APPLIED_VERSION, ""));
    JsonObject json = new JsonObject();
    json.addProperty("node", view.name());
    json.addProperty("uid", view.meta().uid());
    json.addProperty("resourceVersion", view.meta().resourceVersion());
    json.addProperty("phase", marked.phase().label());
    json.addProperty(
        "since", marked.since().equals(Instant.EPOCH) ? "" : marked.since().toString());
    json.addProperty("reason", marked.reason());
    json.addProperty("message", marked.message());
    json.add("config", config);
    return json;
  }

  JsonObject toJson() {
    JsonObject json = state.deepCopy();
    json.addProperty("replica", source);
    missing.ifPresent(remark -> json.addProperty("remark", remark));
    return json;
  }
}
