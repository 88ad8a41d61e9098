// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import io.nodeqos.node.NodeView;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.Supplier;

/** The inputs of the history. All must return at once and be safe to call from any thread. */
public final class HistorySources {
  private final Supplier<Collection<NodeView>> nodes;
  private final Supplier<Term> term;
  private final Function<String, ? extends Collection<String>> policiesOf;
  private final String traceparentKey;

  /**
   * @param nodes all known nodes
   * @param term the present leader term, by the Lease
   * @param policiesOf reads the names of the policies in a value of the annotation {@code
   *     nodeqos.io/config}
   * @param traceparentKey the annotation that names the trace of the last write
   */
  public HistorySources(
      Supplier<Collection<NodeView>> nodes,
      Supplier<Term> term,
      Function<String, ? extends Collection<String>> policiesOf,
      String traceparentKey) {
    this.nodes = nodes;
    this.term = term;
    this.policiesOf = policiesOf;
    this.traceparentKey = traceparentKey;
  }

  Supplier<Collection<NodeView>> nodes() {
    return nodes;
  }

  Supplier<Term> term() {
    return term;
  }

  Function<String, ? extends Collection<String>> policiesOf() {
    return policiesOf;
  }

  String traceparentKey() {
    return traceparentKey;
  }

  /**
   * A leader term.
   *
   * @param holder empty when there is no leader
   */
  public record Term(long epoch, String holder) {}
}
