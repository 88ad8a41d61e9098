// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview;

import java.util.List;
import java.util.function.Function;

/** The way in which the decisions about the nodes of a fleet use the processors. Immutable. */
public enum FleetPass {
  /** For a controller, whose own work comes first. */
  ONE_BY_ONE {
    @Override
    public <T, R> List<R> map(List<T> nodes, Function<T, R> decision) {
      return nodes.stream().map(decision).toList();
    }
  },
  /** For a process that does nothing else. */
  ALL_PROCESSORS {
    @Override
    public <T, R> List<R> map(List<T> nodes, Function<T, R> decision) {
      return nodes.parallelStream().map(decision).toList();
    }
  };

  /**
   * The result for each node, in their order.
   *
   * @param decision thread-safe
   */
  public abstract <T, R> List<R> map(List<T> nodes, Function<T, R> decision);
}
