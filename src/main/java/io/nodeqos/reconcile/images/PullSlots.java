// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import io.nodeqos.election.Fence;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.reconcile.Admission;
import io.nodeqos.reconcile.ClusterView;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Limits the number of nodes that pull images at a time, namely that carry the label {@link
 * Keys#IMAGES}, which a spinner DaemonSet selects by. Thread-safe.
 *
 * <p>The leader decides. At the start of a term it counts the taken slots from the labels of the
 * nodes and queues these nodes, so that each makes room when its time is up. A node that is frozen
 * or has no capacity yet keeps its label, but holds no slot. A standby has no limit: a new leader
 * reconciles the nodes that need the label first.
 */
public final class PullSlots implements Admission {
  /**
   * The labels are counted after the writes of the last leader have reached the cache. In this time
   * the waiting nodes join the line as well, so that the nodes that have waited longest come first.
   */
  private static final Duration SETTLE_PERIOD = Duration.ofSeconds(2);

  private final ClusterView cluster;
  private final Fence fence;
  private final PullQueue queue;

  // Guarded by this: nodes that stay as they are, whose labels are not counted.
  private final Set<String> idle = new HashSet<>();
  private long term = -1;
  private Instant countAt = Instant.EPOCH;
  private boolean counted;

  /**
   * Creates it with all slots free.
   *
   * @param wake receives the names of nodes that must be decided again; must not block
   */
  public PullSlots(
      SpinnerSettings settings, ClusterView cluster, Fence fence, Consumer<String> wake) {
    this.cluster = cluster;
    this.fence = fence;
    this.queue = new PullQueue(settings.maxConcurrentPulls(), settings.pullTimeout(), wake);
  }

  @Override
  public NodePlan admit(NodeView node, CompiledConfig config, NodePlan plan, Instant now) {
    NodePlan admitted = admitted(node, plan, now);
    return admitted.withImages(admitted.images().withTurn(queue.end(node.name())));
  }

  private NodePlan admitted(NodeView node, NodePlan plan, Instant now) {
    // Read once: a term that starts meanwhile has not counted the pulling nodes.
    OptionalLong leading = leading();
    Optional<Instant> settlesAt =
        leading.isPresent() ? beginTerm(leading.getAsLong(), now) : Optional.empty();
    if (plan.leavesAlone()) {
      // A labelled node goes on pulling but holds no slot: it never has to make room.
      markIdle(node.name());
      queue.leave(node.name(), now);
      return plan;
    }
    clearIdle(node.name());
    if (plan.images().pull().isEmpty()) {
      // The slot is free once the label is removed, not at the decision.
      if (!isLabelled(node)) {
        queue.leave(node.name(), now);
      }
      return plan;
    }
    if (leading.isEmpty()) {
      return plan;
    }
    Instant since = plan.memory().warmUp().map(WarmUpTimes::begin).orElse(now);
    return settlesAt.isEmpty()
        ? rationed(node, plan, since, now)
        : settling(node, plan, since).checkNoLaterThan(settlesAt);
  }

  /** The term in which this process leads, empty on a standby. */
  private OptionalLong leading() {
    long epoch = fence.epoch();
    return fence.isOpen() ? OptionalLong.of(epoch) : OptionalLong.empty();
  }

  private NodePlan settling(NodeView node, NodePlan plan, Instant since) {
    if (!isLabelled(node)) {
      queue.waits(node.name(), since);
    }
    return plan.withImages(plan.images().waiting());
  }

  private NodePlan rationed(NodeView node, NodePlan plan, Instant since, Instant now) {
    if (isLabelled(node)) {
      queue.pulls(node.name(), now);
    } else {
      queue.stoppedPulling(node.name(), now);
    }
    return switch (queue.ask(node.name(), since, now)) {
      case HOLDS -> plan.checkNoLaterThan(queue.end(node.name()).filter(end -> end.isAfter(now)));
      case WAITS -> plan.withImages(plan.images().waiting());
      case GIVES_UP -> {
        if (!isLabelled(node)) {
          // It never got the label: no removal will be seen.
          queue.stoppedPulling(node.name(), now);
        }
        yield plan.withImages(plan.images().givingUp(node));
      }
    };
  }

  private static boolean isLabelled(NodeView node) {
    return node.labels().containsKey(Keys.IMAGES);
  }

  /**
   * Counts the labels once in each term, when the term has settled; returns the time of the count,
   * or empty when it is done.
   */
  private synchronized Optional<Instant> beginTerm(long current, Instant now) {
    if (term != current) {
      term = current;
      countAt = now.plus(SETTLE_PERIOD);
      counted = false;
      queue.clear();
    }
    if (now.isBefore(countAt)) {
      return Optional.of(countAt);
    }
    if (!counted) {
      counted = true;
      List<String> pulling =
          cluster.nodeNames().stream()
              .filter(name -> !idle.contains(name))
              .filter(name -> cluster.node(name).filter(PullSlots::isLabelled).isPresent())
              .toList();
      queue.begin(pulling, now);
    }
    return Optional.empty();
  }

  // Under the lock that the labels are counted under: a node that is counted just before it goes
  // idle leaves its slot afterwards.
  private synchronized void markIdle(String node) {
    idle.add(node);
  }

  private synchronized void clearIdle(String node) {
    idle.remove(node);
  }

  @Override
  public void forget(String node, Instant now) {
    clearIdle(node);
    queue.leave(node, now);
  }

  /** Nodes that pull, by the decisions of this process; 0 on a standby. */
  public int pulling() {
    return fence.isOpen() ? queue.holding() : 0;
  }

  /** Nodes that wait for their turn; 0 on a standby. */
  public int waiting() {
    return fence.isOpen() ? queue.waiting() : 0;
  }
}
