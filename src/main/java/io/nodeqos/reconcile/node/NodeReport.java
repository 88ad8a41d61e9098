// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.events.QosEvent;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.WarmUpTimes;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.fleet.NodeShare;
import io.nodeqos.reconcile.fleet.NodeState;
import io.nodeqos.reconcile.fleet.WriteDamping;
import io.nodeqos.reconcile.plan.GateDeadlock;
import io.nodeqos.reconcile.plan.WarmedUpCondition;
import io.nodeqos.telemetry.metrics.NodeMetrics;
import io.nodeqos.telemetry.metrics.SyncMetrics;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Reports changes of nodes: one log line and one event for each change, none in steady state. */
public final class NodeReport {
  private static final Logger LOG = LoggerFactory.getLogger(NodeReport.class);

  private final NodeMetrics metrics;
  private final SyncMetrics syncMetrics;
  private final EventPublisher events;
  private final TimeSource time;
  private final Consumer<String> policyChanged;

  /**
   * @param policyChanged receives the name of each policy whose node counts may have changed
   */
  public NodeReport(
      NodeMetrics metrics,
      SyncMetrics syncMetrics,
      EventPublisher events,
      TimeSource time,
      Consumer<String> policyChanged) {
    this.metrics = metrics;
    this.syncMetrics = syncMetrics;
    this.events = events;
    this.time = time;
    this.policyChanged = policyChanged;
  }

  /** A decision alone is reported only to the policies whose counts it changes. */
  void decided(NodeState before, NodeState now) {
    NodeShare shareBefore = NodeShare.of(before);
    NodeShare shareNow = NodeShare.of(now);
    if (!shareBefore.equals(shareNow)) {
      tellPolicies(shareBefore);
      tellPolicies(shareNow);
    }
  }

  /**
   * The metadata patch was written: the node now carries its configuration and its marks.
   *
   * @param namespace namespace of the pod that triggered the reconcile, empty without one
   */
  void marked(NodeView node, NodePlan plan, String namespace) {
    for (PlannedTransition transition : plan.transitions()) {
      switch (transition) {
        case CONFIG_UPDATED -> {
          LOG.info(
              "Node configured: version={} policies={}",
              plan.summary().configVersion(),
              plan.summary().sources());
          publish(
              QosEvent.Type.CONFIG_UPDATED,
              node,
              plan,
              namespace,
              "Configuration "
                  + plan.summary().configVersion()
                  + " was written to the node"
                  + (plan.summary().sources().isEmpty() ? "" : ", from policy ")
                  + String.join(", ", plan.summary().sources())
                  + ".");
        }
        case WARMUP_DONE -> {
          Duration took = sinceWarmUpBegan(plan);
          LOG.info("Node became warm after {}s: {}", took.toSeconds(), plan.summary().message());
          metrics.warmedUp(took.toMillis() / 1000.0);
          publish(
              QosEvent.Type.WARMUP_DONE,
              node,
              plan,
              namespace,
              "The node became warm after " + took.toSeconds() + "s. " + plan.summary().message());
        }
        case WARMUP_TIMED_OUT ->
            publish(
                QosEvent.Type.WARMUP_TIMED_OUT, node, plan, namespace, plan.summary().message());
        case WARMUP_LOST -> {
          LOG.info("Node no longer warm: {}", plan.summary().message());
          publish(
              QosEvent.Type.WARMUP_LOST,
              node,
              plan,
              namespace,
              "The warm-up mark is not valid for this boot of the node.");
        }
        case GATE_LOST -> {
          LOG.info("Node no longer warm: {}", plan.summary().message());
          publish(QosEvent.Type.WARMUP_LOST, node, plan, namespace, plan.summary().message());
        }
        case WARMUP_STARTED, GATE_DEADLOCK -> {
          // Reported when the condition is written.
        }
        case MARKS_REMOVED -> LOG.info("Warm-up mark removed");
      }
    }
    if (!plan.summary().leaving().isEmpty()) {
      cleaned(node, plan, namespace);
    }
    plan.summary().matching().forEach(policyChanged);
  }

  private void cleaned(NodeView node, NodePlan plan, String namespace) {
    List<String> policies = plan.summary().leaving();
    LOG.info("Everything from policies removed: policies={}", policies);
    events.node(
        QosEvent.Type.CLEANED,
        node.meta(),
        policies.get(0),
        new QosEvent.Context(namespace, plan.summary().configVersion(), events.epoch()),
        "Everything from policy "
            + String.join(", ", policies)
            + " was removed from the node"
            + (plan.transitions().contains(PlannedTransition.MARKS_REMOVED)
                ? ", including the warm-up mark."
                : "."));
  }

  /** Counts the conflicts and retries of a warm-up, if the node has now become warm. */
  void markedAfter(NodePlan plan, NodeState.WriteRetries writeRetries) {
    if (plan.transitions().contains(PlannedTransition.WARMUP_DONE)) {
      metrics.warmUpWrites(writeRetries.conflicts(), writeRetries.retries());
    }
  }

  /**
   * The status patch was written, the namespace as with {@link #marked}.
   *
   * @return whether an event now reports what the node waits for
   */
  boolean statusWritten(NodeView node, NodePlan plan, String namespace) {
    boolean waits =
        plan.status().condition().isPresent() && plan.summary().phase() != NodePhase.WARM;
    // The exact blockers are in the condition of the node, and can change every ten seconds.
    boolean otherReason = waits && isOtherReason(node, plan);
    if (waits) {
      LOG.atLevel(otherReason ? Level.INFO : Level.DEBUG)
          .log("Node waiting, reason={}: {}", plan.summary().reason(), plan.summary().message());
    }
    boolean started = plan.transitions().contains(PlannedTransition.WARMUP_STARTED);
    if (started) {
      publish(QosEvent.Type.WARMUP_STARTED, node, plan, namespace, plan.summary().message());
    } else if (otherReason) {
      waiting(node, plan, namespace);
    }
    if (plan.transitions().contains(PlannedTransition.GATE_DEADLOCK)) {
      String why = GateDeadlock.sentence(plan.summary().deadlocks());
      LOG.warn("Node cannot become warm: {}", why);
      publish(QosEvent.Type.GATE_DEADLOCK, node, plan, namespace, why);
    }
    plan.summary().matching().forEach(policyChanged);
    return started || otherReason;
  }

  /** Publishes an event with the blockers of the node. */
  void waiting(NodeView node, NodePlan plan, String namespace) {
    publish(QosEvent.Type.WARMUP_WAITING, node, plan, namespace, plan.summary().message());
  }

  /** The term in which events are published. */
  long epoch() {
    return events.epoch();
  }

  /**
   * The API server refuses the update of the node.
   *
   * @param reason in the server's words
   */
  void refused(NodeView.Meta node, String reason) {
    events.node(
        QosEvent.Type.WRITE_REFUSED,
        node,
        "",
        new QosEvent.Context("", "", events.epoch()),
        "The API server refuses the update of the node: " + reason);
  }

  /** The node was written too often: it is written with pauses from now on. */
  void damped(NodeView.Meta node, WriteDamping.Fight fight) {
    String written = String.join(", ", fight.things());
    String longestPause = GoDuration.format(WriteDamping.MAX_PAUSE);
    if (fight.byCauses()) {
      LOG.warn(
          "Changes come too fast for node {}: a policy, the node or its reserved pods change again"
              + " and again, each time {} must be written; following with backoff, pausing for up"
              + " to {}",
          node.name(),
          written,
          longestPause);
    } else {
      LOG.warn(
          "Drift keeps coming back on node {}: another writer reverts {}, or a policy or plug-in"
              + " depends on it; re-applying with backoff, pausing for up to {}",
          node.name(),
          written,
          longestPause);
    }
    events.node(
        QosEvent.Type.WRITES_DAMPED,
        node,
        "",
        new QosEvent.Context("", "", events.epoch()),
        fight.byCauses()
            ? changesKeepComing(written, longestPause)
            : driftKeepsComing(written, longestPause));
  }

  private static String changesKeepComing(String written, String longestPause) {
    return "Changes come too fast: the controller wrote "
        + written
        + " more than "
        + WriteDamping.MAX_CAUSE_BURST
        + " times, and each time a policy, the node or its reserved pods had changed less than "
        + GoDuration.format(WriteDamping.CAUSE_INTERVAL)
        + " after the change before. Another writer changes one of them again and again. The"
        + " controller follows with backoff, pausing for up to "
        + longestPause
        + ".";
  }

  private static String driftKeepsComing(String written, String longestPause) {
    return "Drift keeps coming back: the controller wrote "
        + written
        + " again "
        + WriteDamping.WARN_AFTER_REPEATS
        + " times, though nothing else had changed. Another writer reverts it, or a policy or"
        + " plug-in depends on it. The controller re-applies it with backoff, pausing for up"
        + " to "
        + longestPause
        + ".";
  }

  private static boolean isOtherReason(NodeView node, NodePlan plan) {
    return WarmedUpCondition.of(node)
        .current()
        .filter(c -> c.reason().equals(plan.summary().reason()))
        .isEmpty();
  }

  void forgotten(String node, NodeState state) {
    syncMetrics.forgetNode(node);
    tellPolicies(NodeShare.of(state));
  }

  private void tellPolicies(NodeShare share) {
    share.matching().forEach(policyChanged);
    share.leaving().forEach(policyChanged);
  }

  /** Zero for an older node whose gates were open when it was first seen. */
  private Duration sinceWarmUpBegan(NodePlan plan) {
    Instant now = time.steadyTime();
    Instant began = plan.memory().warmUp().map(WarmUpTimes::begin).orElse(now);
    return began.isAfter(now) ? Duration.ZERO : Duration.between(began, now);
  }

  private void publish(
      QosEvent.Type type, NodeView node, NodePlan plan, String namespace, String message) {
    events.node(
        type,
        node.meta(),
        plan.summary().sources().isEmpty() ? "" : plan.summary().sources().get(0),
        new QosEvent.Context(namespace, plan.summary().configVersion(), events.epoch()),
        message);
  }
}
