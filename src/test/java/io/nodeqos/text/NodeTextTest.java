// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeTextTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final JsonObject STATE =
      JsonParser.parseString(
              """
              {"node": "gpu-1", "phase": "waiting", "since": "2026-03-01T09:58:00.125Z",
               "message": "The warm-up has 1 blocker: pod kube-system/cilium-vjbjx is not Ready.",
               "lastWrites": [
                 {"at": "2026-03-01T09:59:00.428536507Z", "part": "status", "outcome": "written"}]}
              """)
          .getAsJsonObject();

  @Test
  void narrowTerminalShowsTheWholeMessage() {
    assertEquals(
        List.of(
            "node      gpu-1",
            "phase     waiting for 1m59s, since",
            "          2026-03-01T09:58:00Z",
            "message   The warm-up has 1 blocker: pod",
            "          kube-system/cilium-vjbjx is not",
            "          Ready."),
        NodeText.lines(STATE, NOW, new TextFormat(44, false, false)).subList(0, 6));
  }

  @Test
  void pipeGetsALineForEachFact() {
    assertEquals(
        List.of(
            "node      gpu-1",
            "phase     waiting for 1m59s, since 2026-03-01T09:58:00Z",
            "message   The warm-up has 1 blocker: pod kube-system/cilium-vjbjx is not Ready.",
            "",
            "LAST WRITES            PART     RESULT",
            "2026-03-01T09:59:00Z   status   written"),
        NodeText.lines(STATE, NOW, TextFormat.plain()));
  }
}
