// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import java.util.Set;

/**
 * What a demo run should come to.
 *
 * @param nodes how many join
 * @param stuck those that must not get warm, as one of their system pods never becomes Ready
 */
record Expectation(int nodes, Set<String> stuck) {

  /** How many nodes are to get warm. */
  int warm() {
    return nodes - stuck.size();
  }
}
