// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.cli.replica.NoReplicaException;
import io.nodeqos.cli.replica.ReplicaAccess;
import io.nodeqos.cli.replica.ReplicaAnswer;
import io.nodeqos.cli.replica.ReplicaOptions;
import io.nodeqos.cli.replica.ServerNodes;
import io.nodeqos.cli.replica.Unanswered;
import io.nodeqos.history.RebuiltHistory;
import io.nodeqos.history.TransitionJson;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.text.HistoryText;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code nodeqos history}: the transitions of a node in the history of a replica. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the transitions of a node, the newest last, from the history of a replica.",
      "",
      "All replicas keep the same history. Without a replica it shows the last transition, which"
          + " the Node itself records, and says so."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":The history is shown.",
      ExitCodes.FAILED + ":There is no history of the node, or no answer.",
      ExitCodes.BAD_INPUT_LINE
    })
final class HistoryCommand implements Callable<Integer> {
  private static final String MOST = "1000";

  @Parameters(index = "0", paramLabel = "NODE", description = "The node.")
  private String node;

  @Mixin private SinceOption since;
  @Mixin private ClusterOptions cluster;
  @Mixin private ReplicaOptions replica;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    Instant now = TimeSource.system().wallTime();
    Optional<Instant> begin = since.instant(now);
    ReplicaAccess access = new ReplicaAccess(cluster, replica);
    try {
      return fromReplica(access);
    } catch (NoReplicaException e) {
      return fromNode(begin, now, e.getMessage());
    }
  }

  private int fromReplica(ReplicaAccess access) throws NoReplicaException {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("limit", MOST);
    query.put("node", node);
    ReplicaAnswer all = access.get("/history", since.addedTo(query));
    if (!all.isOk()) {
      throw all.status() == 400
          ? CommandException.badInput("BadArguments", all.refusal())
          : CommandException.failed("Refused", all.refusal());
    }
    if (print(all.json()) > 0) {
      return ExitCodes.DONE;
    }
    query.put("limit", "1");
    if (since.isGiven()
        && !access.get("/history", query).json().getAsJsonArray("transitions").isEmpty()) {
      output.remark("node " + node + " has no transition since " + since);
      return ExitCodes.DONE;
    }
    output.remark("no replica has seen a node " + node);
    return ExitCodes.FAILED;
  }

  /** The number of transitions. */
  private int print(JsonObject history) {
    JsonArray transitions = history.getAsJsonArray("transitions");
    output.print("History", () -> history, format -> HistoryText.lines(transitions, format));
    return transitions.size();
  }

  private int fromNode(Optional<Instant> begin, Instant now, String why) {
    Optional<NodeView> view;
    try {
      view = new ServerNodes(cluster).one(node);
    } catch (IOException | CommandException e) {
      throw CommandException.failed("NoReplica", Unanswered.sentence(why, "node " + node, e))
          .causedBy(e);
    }
    if (view.isEmpty()) {
      throw CommandException.failed("NotFound", "there is no node " + node + ", and " + why);
    }
    JsonArray transitions = new JsonArray();
    new RebuiltHistory(ConfigAnnotation::sources)
        .of(view.get(), now).stream()
            .filter(t -> begin.isEmpty() || !t.at().isBefore(begin.get()))
            .forEach(t -> transitions.add(TransitionJson.of(t)));
    String remark = why + "; the Node shows only its last transition";
    JsonObject history = new JsonObject();
    history.add("transitions", transitions);
    history.addProperty("remark", remark);
    print(history);
    output.remark(remark);
    return ExitCodes.DONE;
  }
}
