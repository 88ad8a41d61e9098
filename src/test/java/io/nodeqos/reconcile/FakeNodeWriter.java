// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.reconcile.node.NodeWriter;
import io.nodeqos.reconcile.plan.Plans;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The Nodes of an API server: one version counter, optimistic locking, both patches. A test can set
 * another answer.
 */
public final class FakeNodeWriter implements NodeWriter {
  private final Map<String, NodeView> nodes = new TreeMap<>();
  private final Deque<Optional<WriteResult>> answers = new ArrayDeque<>();
  private final List<Write> writes = new ArrayList<>();
  private final List<String> log = new ArrayList<>();
  private Runnable beforeWrite = () -> {};
  private Consumer<Write> onWrite = write -> {};
  private Supplier<Instant> clock = () -> Instant.EPOCH;
  private boolean losingReplies;
  private long version = 1000;

  /** A write that was carried out. */
  public record Write(boolean metadata, NodeView before, NodeView after) {}

  /** Creates or replaces a node; it gets a new version. */
  public NodeView put(NodeView node) {
    NodeView stored = Plans.versioned(node, Long.toString(++version));
    nodes.put(node.name(), stored);
    return stored;
  }

  /** Another writer changes a node. */
  public NodeView change(String name, UnaryOperator<NodeView> change) {
    return put(change.apply(nodes.get(name)));
  }

  public void delete(String name) {
    nodes.remove(name);
    version++;
  }

  public NodeView node(String name) {
    return nodes.get(name);
  }

  public List<NodeView> nodes() {
    return List.copyOf(nodes.values());
  }

  /** The next call that is not scripted yet gets this answer and does nothing. */
  public FakeNodeWriter thenAnswer(WriteResult result) {
    answers.add(Optional.of(result));
    return this;
  }

  /** The next call that is not scripted yet is carried out. */
  public FakeNodeWriter thenWork() {
    answers.add(Optional.empty());
    return this;
  }

  /** Writes are done and their replies are lost, or no longer. */
  public void loseReplies(boolean lose) {
    losingReplies = lose;
  }

  void forgetAnswers() {
    answers.clear();
  }

  /** Called before a patch is carried out; what it throws reaches the writer. */
  public void beforeWrite(Runnable action) {
    beforeWrite = action;
  }

  /** Called after a patch was carried out, and before the writer has the reply. */
  public void onWrite(Consumer<Write> check) {
    onWrite = check;
  }

  /** The condition gets the time of its write, as on the API server. */
  public FakeNodeWriter stampedBy(Supplier<Instant> newClock) {
    clock = newClock;
    return this;
  }

  private NodeView stamped(NodeView node) {
    NodeView.Meta meta = node.meta();
    return new NodeView(
        new NodeView.Meta(
            meta.name(),
            meta.uid(),
            meta.resourceVersion(),
            meta.createdAt(),
            meta.deleting(),
            meta.statusReportedAt(),
            clock.get().truncatedTo(ChronoUnit.SECONDS)),
        node.labels(),
        node.annotations(),
        node.taints(),
        node.status());
  }

  /** All calls since the last time: "GET n", "metadata n@1001", "status n@1002". */
  public List<String> calls() {
    List<String> calls = List.copyOf(log);
    log.clear();
    return calls;
  }

  /** The writes that were carried out, all of them. */
  public List<Write> writes() {
    return writes;
  }

  @Override
  public WriteResult patchMetadata(NodeView.Meta base, MetadataChange change) {
    log.add("metadata " + base.name() + "@" + base.resourceVersion());
    return patch(base, true, node -> Plans.applied(node, change));
  }

  @Override
  public WriteResult patchStatus(NodeView.Meta base, StatusChange change) {
    log.add("status " + base.name() + "@" + base.resourceVersion());
    return patch(
        base,
        false,
        node ->
            change.condition().isPresent()
                ? stamped(Plans.applied(node, change))
                : Plans.applied(node, change));
  }

  @Override
  public ReadResult read(String name) {
    log.add("GET " + name);
    Optional<WriteResult> answer = Optional.ofNullable(answers.poll()).flatMap(a -> a);
    if (answer.isPresent()) {
      return new ReadResult.Failed(answer.get());
    }
    return nodes.containsKey(name)
        ? new ReadResult.Found(nodes.get(name))
        : new ReadResult.Failed(new WriteResult.NotFound());
  }

  private WriteResult patch(NodeView.Meta base, boolean metadata, UnaryOperator<NodeView> patch) {
    Optional<WriteResult> answer = Optional.ofNullable(answers.poll()).flatMap(a -> a);
    if (answer.isPresent()) {
      return answer.get();
    }
    NodeView before = nodes.get(base.name());
    if (before == null) {
      return new WriteResult.NotFound();
    }
    if (!before.meta().resourceVersion().equals(base.resourceVersion())) {
      return new WriteResult.Conflict();
    }
    beforeWrite.run();
    NodeView after = put(patch.apply(before));
    Write write = new Write(metadata, before, after);
    writes.add(write);
    onWrite.accept(write);
    if (losingReplies) {
      return new WriteResult.Retry("no reply", Duration.ZERO);
    }
    return new WriteResult.Ok(after.meta().resourceVersion());
  }
}
