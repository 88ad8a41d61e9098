// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The history that a Node alone still shows: its last transition. For readers without a replica.
 */
public final class RebuiltHistory {
  private final TransitionFinder finder;

  /**
   * @param policiesOf reads the names of the policies in a value of the annotation {@link
   *     Keys#CONFIG}
   */
  public RebuiltHistory(Function<String, ? extends Collection<String>> policiesOf) {
    this.finder = new TransitionFinder(policiesOf, Keys.TRACEPARENT);
  }

  /** None for a node without marks of this controller. */
  public List<Transition> of(NodeView node, Instant now) {
    return finder.find(
        Optional.empty(), NodeMarks.of(node), new InboxMessage.Seen(node, now, 0, false));
  }
}
