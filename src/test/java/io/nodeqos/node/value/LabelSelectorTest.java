// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.value;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.node.value.Requirement.Operator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelSelectorTest {
  @Test
  void textIsThatOfKubectl() {
    LabelSelector selector =
        new LabelSelector(
            Map.of("tier", "node", "app", "cni"),
            List.of(
                new Requirement("zone", Operator.IN, List.of("a", "b")),
                new Requirement("arch", Operator.NOT_IN, List.of("arm64")),
                new Requirement("ready", Operator.EXISTS, List.of()),
                new Requirement("spot", Operator.DOES_NOT_EXIST, List.of())));

    assertEquals("app=cni,tier=node,zone in (a,b),arch notin (arm64),ready,!spot", selector.text());
    assertEquals("", LabelSelector.EVERYTHING.text());
  }
}
