// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.cli.demo.NodeBoard.Condition;
import io.nodeqos.cli.demo.NodeBoard.Phase;
import io.nodeqos.cli.demo.NodeBoard.State;
import io.nodeqos.cli.demo.NodeBoard.Times;
import io.nodeqos.time.TimeSource;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NodeBoardTest {

  private static final String CONFIGURED =
      "'labels': {'nodeqos.io/config-version': '0123456789'},"
          + "'annotations': {'nodeqos.io/config': '{}'}";
  private static final String WARM =
      "'labels': {'nodeqos.io/config-version': '0123456789', 'nodeqos.io/warmed-up': 'true'},"
          + "'annotations': {'nodeqos.io/config': '{}'}";

  private final AtomicLong nanos = new AtomicLong(1_000);
  private final NodeBoard board = new NodeBoard(TimeSource.of(() -> Instant.EPOCH, nanos::get));

  @Test
  void nodeGoesFromJoinedToWaitingToWarm() {
    board.changed("ADDED", node(1, "'labels': {}", ""));
    assertEquals(Phase.JOINED, only().phase());

    board.changed(
        "MODIFIED",
        node(
            2,
            CONFIGURED,
            "{'type': 'nodeqos.io/WarmedUp', 'status': 'False',"
                + " 'reason': 'NodeNotReady', 'message': 'The node is not Ready.'}"));
    assertEquals(Phase.WAITING, only().phase());
    assertEquals(new Condition("NodeNotReady", "The node is not Ready."), only().condition());

    nanos.set(5_000);
    board.changed("MODIFIED", node(3, WARM, ""));
    assertEquals(Phase.WARM, only().phase());
    assertEquals(new Times(1_000, 5_000, 3), only().times());
  }

  @Test
  void firstSightOfTheMarkSurvivesLaterChanges() {
    board.changed("ADDED", node(3, WARM, ""));
    nanos.set(9_000);

    board.changed("MODIFIED", node(4, WARM, ""));
    board.listed(List.of(node(5, WARM, "")));

    assertEquals(new Times(1_000, 1_000, 3), only().times());
  }

  @Test
  void markThatReturnsCountsFromItsReturn() {
    board.changed("ADDED", node(3, WARM, ""));
    board.changed("MODIFIED", node(4, CONFIGURED, ""));
    nanos.set(9_000);

    board.changed("MODIFIED", node(5, WARM, ""));

    assertEquals(new Times(1_000, 9_000, 5), only().times());
  }

  @Test
  void nodeWithAVersionButWithoutConfigurationIsNotConfigured() {
    board.changed("ADDED", node(1, "'labels': {'nodeqos.io/config-version': '0123456789'}", ""));

    assertEquals(Phase.JOINED, only().phase());
  }

  @Test
  void deletedNodesAreForgotten() {
    board.changed("ADDED", node(1, CONFIGURED, ""));
    board.changed("DELETED", node(2, CONFIGURED, ""));
    assertEquals(List.of(), board.nodes());

    board.changed("ADDED", node(3, CONFIGURED, ""));
    board.listed(List.of());
    assertEquals(List.of(), board.nodes(), "the list is the whole truth");
  }

  private State only() {
    assertEquals(1, board.nodes().size());
    return board.nodes().get(0);
  }

  private static JsonObject node(int version, String metadata, String condition) {
    return JsonParser.parseString(
            "{'metadata': {'name': 'n', 'resourceVersion': '"
                + version
                + "', "
                + metadata
                + "}, 'status': {'conditions': ["
                + condition
                + "]}}")
        .getAsJsonObject();
  }
}
