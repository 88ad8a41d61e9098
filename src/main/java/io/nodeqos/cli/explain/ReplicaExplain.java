// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.explain;

import com.google.gson.JsonObject;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.replica.NoReplicaException;
import io.nodeqos.cli.replica.ReplicaAccess;
import io.nodeqos.cli.replica.ReplicaAnswer;
import io.nodeqos.text.TextFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks the leader, which knows since when each gate is open, the other nodes and the history. Not
 * thread-safe.
 */
final class ReplicaExplain {
  private static final String LINES = "lines";

  private final Supplier<ReplicaAccess> access;
  private Optional<ReplicaAccess> replicas = Optional.empty();

  /**
   * @param access a new one, which looks for the leader
   */
  ReplicaExplain(Supplier<ReplicaAccess> access) {
    this.access = access;
  }

  /**
   * The answer, or the reason for which there is none.
   *
   * @param problem a clause; empty with an answer
   */
  record Reply(Optional<ExplainAnswer> answer, String problem) {}

  Reply ask(ExplainQuestion question, TextFormat format) {
    ReplicaAccess asked = replicas.orElseGet(access);
    replicas = Optional.of(asked);
    try {
      ReplicaAnswer answer = asked.get("/explain", query(question, format));
      return answer.isOk()
          ? new Reply(Optional.of(answer(answer.json())), "")
          : new Reply(Optional.empty(), refused(question, answer));
    } catch (NoReplicaException e) {
      // After a failover another replica leads.
      replicas = Optional.empty();
      return new Reply(Optional.empty(), e.getMessage());
    }
  }

  private static Map<String, String> query(ExplainQuestion question, TextFormat format) {
    Map<String, String> query = new HashMap<>();
    query.put(LINES, format.wide() ? "wide" : "text");
    query.put("width", Integer.toString(format.width()));
    if (question.isOfNode()) {
      query.put("node", question.node());
    }
    if (question.isOfPolicy()) {
      query.put("policy", question.policy());
    }
    return query;
  }

  /** A replica of an earlier version does not know the path. */
  private static String refused(ExplainQuestion question, ReplicaAnswer answer)
      throws NoReplicaException {
    String refusal = answer.refusal();
    if (answer.status() == 404 && refusal.contains(" in the cache")) {
      throw CommandException.failed(
          "NotFound",
          question.isOfNode()
              ? "there is no node " + question.node()
              : "there is no policy " + question.policy());
    }
    return answer.from() + " answers: " + refusal;
  }

  private static ExplainAnswer answer(JsonObject whole) {
    String kind = whole.get("kind").getAsString();
    List<String> lines =
        whole.getAsJsonArray(LINES).asList().stream().map(line -> line.getAsString()).toList();
    JsonObject body = whole.deepCopy();
    List.of("apiVersion", "kind", LINES).forEach(body::remove);
    boolean isWarm =
        body.has("node")
            ? body.get("warm").getAsBoolean()
            : body.get("nodes").getAsInt() > 0
                && body.get("warm").getAsInt() == body.get("nodes").getAsInt();
    return new ExplainAnswer(kind, body, isWarm, ExplainAnswer.said(body), format -> lines);
  }
}
