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
import io.nodeqos.cli.replica.Unanswered;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.text.EventText;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nodeqos events}: what the controller does, from the /events of a replica. */
@Command(
    name = "events",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what the controller did: configurations, warm-ups, policies, terms of leaders. With"
          + " --watch it goes on until Ctrl-C, also across a change of the leader.",
      "",
      "A replica keeps its last 1,000 events. Without a replica the Kubernetes Events are shown, and"
          + " the command says so."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":The events are shown, or there are none.",
      ExitCodes.FAILED + ":No answer.",
      ExitCodes.BAD_INPUT_LINE
    })
final class EventsCommand implements Callable<Integer> {
  private static final String PATH = "/events";
  private static final String LATELY = "1h";
  private static final Duration PAUSE = Duration.ofSeconds(2);

  @Option(names = "--node", paramLabel = "NODE", description = "Only of this node.")
  private String node = "";

  @Option(names = "--policy", paramLabel = "NAME", description = "Only of this policy.")
  private String policy = "";

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      split = ",",
      description = "Only of these types, such as WARMUP_DONE,WARMUP_LOST.")
  private List<String> types = List.of();

  @Option(
      names = {"-w", "--watch"},
      description = "Go on with each new event. JSON and YAML are then one object a line, as JSON.")
  private boolean watch;

  @Mixin private SinceOption since;
  @Mixin private ClusterOptions cluster;
  @Mixin private ReplicaOptions replica;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws InterruptedException {
    Instant begin =
        since
            .instant(TimeSource.system().wallTime())
            .orElse(TimeSource.system().wallTime().minus(GoDuration.parse(LATELY)));
    Map<String, String> query = new LinkedHashMap<>();
    put(query, "node", node);
    put(query, "policy", policy);
    put(query, "type", String.join(",", types));
    query.put("since", since.isGiven() ? since.toString() : LATELY);
    return watch ? follow(query) : present(query, begin);
  }

  private static void put(Map<String, String> query, String name, String value) {
    if (!value.isEmpty()) {
      query.put(name, value);
    }
  }

  private int present(Map<String, String> query, Instant begin) {
    List<JsonObject> events = new ArrayList<>();
    query.put("follow", "false");
    try {
      ReplicaAnswer answer =
          new ReplicaAccess(cluster, replica)
              .follow(
                  PATH,
                  query,
                  "",
                  new ReceivedEvents((type, data) -> received(type, data, events::add)));
      checked(answer);
      print(events, Optional.empty());
    } catch (NoReplicaException e) {
      print(
          fromServer(begin, e.getMessage()),
          Optional.of(
              e.getMessage()
                  + "; shown are the Kubernetes Events"
                  + (types.isEmpty() ? "" : ", of all types")));
    }
    return ExitCodes.DONE;
  }

  private void print(List<JsonObject> events, Optional<String> remark) {
    JsonObject list = new JsonObject();
    JsonArray items = new JsonArray();
    events.forEach(items::add);
    list.add("events", items);
    remark.ifPresent(text -> list.addProperty("remark", text));
    output.print("EventList", () -> list, format -> EventText.table(events, format));
    remark.ifPresent(output::remark);
  }

  private List<JsonObject> fromServer(Instant begin, String why) {
    try {
      return new ServerEvents(cluster).since(begin, node.isEmpty() ? policy : node);
    } catch (IOException | CommandException e) {
      throw CommandException.failed(
              "NoReplica", Unanswered.sentence(why, "the list of Kubernetes Events", e))
          .causedBy(e);
    }
  }

  private int follow(Map<String, String> query) throws InterruptedException {
    ReceivedEvents received =
        new ReceivedEvents((type, data) -> received(type, data, this::printOne));
    boolean followed = false;
    while (true) {
      String end;
      try {
        checked(
            new ReplicaAccess(cluster, replica).follow(PATH, query, received.lastId(), received));
        followed = true;
        end = "the stream has ended";
      } catch (NoReplicaException e) {
        if (!followed && received.lastId().isEmpty()) {
          throw CommandException.failed("NoReplica", e.getMessage()).causedBy(e);
        }
        end = e.getMessage();
      }
      output.remark(end + "; connecting again");
      TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    }
  }

  private static void checked(ReplicaAnswer answer) throws NoReplicaException {
    if (answer.status() == 400) {
      throw CommandException.badInput("BadArguments", answer.refusal());
    }
    if (!answer.isOk()) {
      throw CommandException.failed("Refused", answer.refusal());
    }
  }

  private void received(String type, JsonObject data, Consumer<JsonObject> event) {
    switch (type) {
      case "gap" -> output.remark("the replica has no older events; history has more");
      case "dropped" -> output.remark(data.get("events").getAsString() + " events were lost");
      default -> event.accept(data);
    }
  }

  private void printOne(JsonObject event) {
    if (output.isStructured()) {
      output.printLine("Event", event);
    } else {
      output.printLines(List.of(EventText.line(event, output.text())));
    }
    output.endIfClosed();
  }
}
