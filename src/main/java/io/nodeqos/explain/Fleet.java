// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan.Summary;
import java.util.stream.Stream;

/** All nodes with the last decision about each. Thread-safe. */
public interface Fleet {
  /** No other node is known. */
  Fleet UNKNOWN =
      new Fleet() {
        @Override
        public Stream<Member> members() {
          return Stream.empty();
        }

        @Override
        public ReservedState reserved(String node) {
          throw new IllegalArgumentException("no node " + node);
        }
      };

  /** A node that was decided. */
  record Member(NodeView node, NodePhase phase, Summary decided, NodeMemory memory) {}

  Stream<Member> members();

  /** The objects of one node. */
  ReservedState reserved(String node);
}
