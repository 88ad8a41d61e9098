// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import java.util.Set;

/**
 * The expected result of a demo run.
 *
 * @param nodes number of nodes
 * @param stuck those that must not become warm, as one of their system pods never becomes Ready
 */
record Expectation(int nodes, Set<String> stuck) {

  /** How many nodes are to become warm. */
  int warm() {
    return nodes - stuck.size();
  }
}
