// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.explain;

/** One node, the nodes of one policy, or all nodes: the others are empty. */
record ExplainQuestion(String node, String policy) {
  boolean isOfNode() {
    return !node.isEmpty();
  }

  boolean isOfPolicy() {
    return !policy.isEmpty();
  }
}
