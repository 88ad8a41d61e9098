// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.value.Quantity;
import org.junit.jupiter.api.Test;

class DivisibleCapacityTest {
  @Test
  void hugePagesAreNoMemoryToDivide() {
    NodeFixture node =
        NodeFixture.empty("n")
            .resource("cpu", "4")
            .resource("memory", "8Gi")
            .resource("hugepages-2Mi", "1Gi")
            .resource("hugepages-1Gi", "2Gi");
    assertDivisible("5Gi", node, "memory");
    assertDivisible("4", node, "cpu");
    assertDivisible("0", node, "ephemeral-storage");
    assertDivisible("0", node.resource("hugepages-1Gi", "16Gi"), "memory");
    assertDivisible("7Gi", node.resource("hugepages-1Gi", "-16Gi"), "memory");
  }

  @Test
  void memoryWithoutHugePagesIsAsReported() {
    assertDivisible("8G", NodeFixture.empty("n").resource("memory", "8G"), "memory");
    NodeFixture none =
        NodeFixture.empty("n").resource("memory", "8G").resource("hugepages-2Mi", "0");
    assertEquals("8G", none.build().divisibleCapacity("memory").toString(), "in its own unit");
  }

  private static void assertDivisible(String expected, NodeFixture node, String resource) {
    assertEquals(Quantity.parse(expected), node.build().divisibleCapacity(resource));
  }
}
