// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.preview.ClusterSnapshot.Controller;
import io.nodeqos.preview.ClusterSnapshot.Policies;
import io.nodeqos.preview.ClusterSnapshot.Spinners;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotExplainTest {
  private final FakeTime time = new FakeTime();

  private String reason(Optional<String> settings) {
    ClusterSnapshot snapshot =
        new ClusterSnapshot(
            time.instant(),
            new Controller("nodeqos-system", settings),
            List.of(NodeFixture.node("n").condition("Ready", "False").build()),
            Map.of(),
            Map.of(),
            new Policies(
                List.of(
                    PolicyFixture.policy(
                        "base", "{'warmUp': {'taintKey': 'acme.io/warming', 'nodeReady': {}}}")),
                List.of()),
            new Spinners(List.of(), List.of()),
            Optional.empty());
    return SnapshotExplain.of(snapshot, time.source(), List.of())
        .answer(new ExplainQuestion("n", ""), List.of())
        .body()
        .get("reason")
        .getAsString();
  }

  @Test
  void policyIsValidByTheSettingsOfTheController() {
    assertEquals("NoPolicy", reason(Optional.empty()), "the prefix is unknown");
    assertEquals("NodeNotReady", reason(Optional.of("startupTaintPrefixes: [acme.io/]\n")));
  }
}
