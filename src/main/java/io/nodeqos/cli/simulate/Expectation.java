// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import java.time.Duration;
import java.util.Optional;

/** One expectation of a file, about the result of a simulation. */
sealed interface Expectation {
  /** Nodes have this value in their configuration. */
  record Config(Nodes nodes, String path, Optional<String> is) implements Expectation {}

  /** The controller writes none of the nodes. */
  record Unchanged(Nodes nodes) implements Expectation {}

  /** All of the nodes are warm within this time of their creation, or of the start. */
  record Warm(Nodes nodes, Duration within) implements Expectation {}

  /** The nodes lose at most so many marks together. */
  record MarksLost(Nodes nodes, int atMost) implements Expectation {}

  /** Each of the nodes is written at most so often. */
  record WritesPerNode(Nodes nodes, int atMost) implements Expectation {}

  /** There is no warning. */
  record NoWarnings() implements Expectation {}

  /**
   * The nodes that an expectation is about; all without any restriction.
   *
   * @param node one name; empty for any
   * @param selector of labels, as kubectl's {@code -l}; empty for any
   * @param onlyNew only nodes that joined in the simulation
   */
  record Nodes(String node, String selector, boolean onlyNew) {
    @Override
    public String toString() {
      if (!node.isEmpty()) {
        return "node " + node;
      }
      String which = onlyNew ? "new nodes" : "nodes";
      return selector.isEmpty() ? which : which + " with " + selector;
    }
  }

  /** As a sentence without a full stop. */
  default String sentence() {
    if (this instanceof Config config) {
      return config.nodes()
          + ": "
          + config.path()
          + config.is().map(value -> " is \"" + value + "\"").orElse(" is absent");
    } else if (this instanceof Unchanged unchanged) {
      return unchanged.nodes() + ": none changes";
    } else if (this instanceof Warm warm) {
      return warm.nodes() + ": all are warm within " + Durations.text(warm.within());
    } else if (this instanceof MarksLost lost) {
      return lost.nodes() + ": at most " + lost.atMost() + " marks are lost";
    } else if (this instanceof WritesPerNode writes) {
      return writes.nodes() + ": at most " + writes.atMost() + " writes each";
    }
    return "no warnings";
  }
}
