// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.value.ResourceVersions;
import io.nodeqos.reconcile.NodeForgetter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The last writes to each node, and writes whose reply was lost: such a write may have succeeded,
 * which a later version of the node shows. Thread-safe; only the worker that holds its key records
 * the writes of a node.
 */
public final class NodeWrites implements NodeForgetter {
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  /** Which of the two patches. */
  public enum Part {
    METADATA,
    STATUS
  }

  /**
   * A write.
   *
   * @param outcome a short word, or the reason of the failure
   */
  public record Write(Instant at, Part part, String outcome) {}

  /**
   * A write without a reply.
   *
   * @param base the version of the node that it was made for
   * @param node the node at the time of the decision
   * @param namespace namespace of the pod that triggered the reconcile, empty without one
   * @param isOn whether a later version of the node shows that this write succeeded
   */
  public record Unanswered(
      Part part,
      NodeView.Meta base,
      NodeView node,
      NodePlan plan,
      String namespace,
      Predicate<NodeView> isOn) {}

  private record Entry(
      Optional<Write> metadata, Optional<Write> status, Optional<Unanswered> unanswered) {
    static final Entry NONE = new Entry(Optional.empty(), Optional.empty(), Optional.empty());

    Entry with(Write write) {
      return write.part() == Part.METADATA
          ? new Entry(Optional.of(write), status, unanswered)
          : new Entry(metadata, Optional.of(write), unanswered);
    }

    Entry with(Optional<Unanswered> lost) {
      return new Entry(metadata, status, lost);
    }
  }

  /** A write was tried, with this outcome. */
  public void tried(String node, Write write) {
    entries.compute(node, (name, e) -> (e == null ? Entry.NONE : e).with(write));
  }

  /** A later write for the same version succeeded: the earlier one failed. */
  public void answered(String node) {
    entries.computeIfPresent(node, (name, e) -> e.with(Optional.empty()));
  }

  /** There was no reply, or a reply without a clear result. */
  public void unanswered(Unanswered write) {
    entries.compute(
        write.node().name(), (name, e) -> (e == null ? Entry.NONE : e).with(Optional.of(write)));
  }

  /**
   * The write whose reply was lost, if this later version of the node shows that it succeeded. It
   * is returned once. A node that has changed without it will never show it, because the write was
   * for the version before.
   */
  public Optional<Unanswered> doneAfterAll(NodeView now) {
    Optional<Unanswered> lost =
        Optional.ofNullable(entries.get(now.name())).flatMap(Entry::unanswered);
    if (lost.isEmpty() || !isLater(now.meta(), lost.get().base())) {
      return Optional.empty();
    }
    entries.computeIfPresent(now.name(), (name, e) -> e.with(Optional.empty()));
    return lost.filter(u -> u.node().meta().uid().equals(now.meta().uid()) && u.isOn().test(now));
  }

  private static boolean isLater(NodeView.Meta now, NodeView.Meta base) {
    return !now.uid().equals(base.uid())
        || (!now.resourceVersion().equals(base.resourceVersion())
            && ResourceVersions.isAtLeast(now.resourceVersion(), base.resourceVersion()));
  }

  /** The latest write of each part, the oldest first. */
  public List<Write> last(String node) {
    Entry entry = entries.getOrDefault(node, Entry.NONE);
    List<Write> writes = new ArrayList<>();
    entry.metadata().ifPresent(writes::add);
    entry.status().ifPresent(writes::add);
    writes.sort((a, b) -> a.at().compareTo(b.at()));
    return List.copyOf(writes);
  }

  @Override
  public void forget(String node, Instant now) {
    entries.remove(node);
  }
}
