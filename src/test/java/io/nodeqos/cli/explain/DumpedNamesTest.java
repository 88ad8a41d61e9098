// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Taint;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.preview.ClusterSnapshot.Controller;
import io.nodeqos.preview.ClusterSnapshot.Policies;
import io.nodeqos.preview.ClusterSnapshot.ReservedNamespace;
import io.nodeqos.preview.ClusterSnapshot.Spinners;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DumpedNamesTest {
  private static Optional<String> impossible(NodeView node, String app, String policy) {
    return DumpedNames.impossible(
        new ClusterSnapshot(
            FakeTime.START,
            new Controller("nodeqos-system", Optional.empty()),
            List.of(node),
            Map.of(),
            Map.of(
                "kube-system",
                new ReservedNamespace(true, List.of(ReservedFixture.pod(app, true)), List.of())),
            new Policies(List.of(PolicyFixture.policy(policy, "{}")), List.of()),
            new Spinners(List.of(), List.of()),
            Optional.empty()));
  }

  @Test
  void namesOfAClusterArePossible() {
    NodeView node =
        NodeFixture.node("ip-10-0-0-1.eu-west-1.compute.internal")
            .taint(Taint.of("example.com/Dedicated_1", "NoExecute"))
            .build();

    assertEquals(Optional.empty(), impossible(node, "cni", "base"));
  }

  @Test
  void nameThatAShellWouldRunIsNot() {
    NodeView node = NodeFixture.node("n").build();

    assertEquals(Optional.of("cni; reboot-x"), impossible(node, "cni; reboot", "base"));
    assertEquals(Optional.of("$(reboot)"), impossible(node, "cni", "$(reboot)"));
    assertEquals(
        Optional.of("a`reboot`:NoSchedule"),
        impossible(
            NodeFixture.node("n").taint(Taint.of("a`reboot`", "NoSchedule")).build(),
            "cni",
            "base"));
  }
}
