// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import io.nodeqos.node.NodeView;
import java.util.Collection;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The inputs of the history. All must return at once and be safe to call from any thread.
 *
 * @param nodes all known nodes
 * @param term the present leader term, by the Lease
 * @param policiesOf reads the names of the policies in a value of the annotation {@code
 *     nodeqos.io/config}
 * @param traceparentKey the annotation that names the trace of the last write
 */
public record HistorySources(
    Supplier<Collection<NodeView>> nodes,
    Supplier<Term> term,
    Function<String, ? extends Collection<String>> policiesOf,
    String traceparentKey) {

  /**
   * A leader term.
   *
   * @param holder empty when there is no leader
   */
  public record Term(long epoch, String holder) {}
}
