// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.catalog;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.ReservedFixture.nothing;

import io.nodeqos.node.value.Resources;
import java.util.Optional;

/** What workers are asked about. */
final class WorkerInputFixture {
  private WorkerInputFixture() {}

  /** A node without reserved pods, whose only policy has this spec. */
  static WorkerInput input(String node, String spec) {
    return new WorkerInput(
        node(node).build(),
        nothing(),
        catalog(policy("p", spec)).snapshot().compile(node(node).build()),
        Optional.empty(),
        Resources.NONE);
  }
}
