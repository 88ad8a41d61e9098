// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.Admission;
import io.nodeqos.reconcile.BrakeSettings;
import io.nodeqos.reconcile.brake.BrakeState.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Holds changes that would take the warm-up mark from too many nodes at once, until an operator
 * confirms them. It checks each plan after the decision and before any write; the rest of the plan
 * may still get the label for pulling images.
 *
 * <p><b>Counts.</b> The brake counts per policy, namely the policy whose section warmUp a node
 * follows: nodes that are to lose their mark, nodes with a gate that is closed but not yet for
 * {@code stableFor}, and nodes that lost their mark within {@code brake.window} and have not become
 * warm again. It compares them with the nodes that are warm or were warm in the window. A reboot
 * and a node created again under its name are no loss, nor is a deleted node. More than {@code
 * brake.maxWarmNodesLost} of them are too many, but one or two nodes never are.
 *
 * <p><b>When.</b> A node waits {@code brake.settle} before it loses its mark. If there are too many
 * nodes then, an <i>episode</i> starts: all nodes of the policy keep their marks, including nodes
 * that become due later. {@link #review} ends it when there are no longer too many: the gates are
 * open again, nodes are warm again, or the window has passed. Until every node of the caches has
 * been decided once, no node loses its mark and no episode ends.
 *
 * <p><b>Rollout.</b> A target that takes marks is a change like any other. A write that takes a
 * node back to the stable revision is never held, and is no loss.
 *
 * <p><b>Token.</b> A hash of the policy's uid, its generation and the start of the episode, which
 * the policy's status records: the next leader has the same token. The annotation {@code
 * nodeqos.io/confirm} with this token allows the policy's nodes to lose their marks in this
 * episode. Another generation or a later episode has another token, so an old annotation has no
 * effect.
 *
 * <p><b>Cost.</b> Standbys count too. A decision about a node that keeps its mark is O(1). While a
 * node is due and there is no episode, a scan of all nodes counts the policy's nodes at most once a
 * second (a shorter {@code brake.settle} is the limit instead, and zero means no limit); in an
 * episode each {@link #review} counts once. Thread-safe.
 */
public final class Brake implements Admission {
  private static final Duration UNDECIDED_RETRY = Duration.ofSeconds(1);
  private static final Duration COUNTS_TTL = Duration.ofSeconds(1);

  private final PolicyCatalog policies;
  private final IntSupplier nodesInCache;
  private final Supplier<BrakeSettings> settings;
  private final Listener listener;
  private final Map<String, BrakeState> nodes = new ConcurrentHashMap<>();
  private final Map<String, PolicyBrake> brakes = new ConcurrentSkipListMap<>();
  private volatile boolean allDecided;

  /** Receives the consequences of a decision. Called by the deciding thread, without any lock. */
  public interface Listener {
    /** The policy needs a review, and its status may have changed. */
    void policyChanged(String policy);

    /** A held node is free: it must be decided again. */
    void freed(String node);
  }

  /**
   * @param nodesInCache how many nodes the cluster has
   */
  public Brake(
      PolicyCatalog policies,
      IntSupplier nodesInCache,
      Supplier<BrakeSettings> settings,
      Listener listener) {
    this.policies = policies;
    this.nodesInCache = nodesInCache;
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * An episode of one policy.
   *
   * @param token the token with which an operator confirms it
   * @param counts as of the last review
   */
  public record Episode(
      String policy, Instant since, String token, boolean confirmed, BrakeCounts counts) {

    /**
     * Whether nodes keep their marks until an operator confirms. All may have lost them: before the
     * confirmation was taken back, or before another writer changed the record of the start.
     */
    public boolean holds() {
      return !confirmed && counts.threatened() > 0;
    }
  }

  @Override
  public NodePlan admit(NodeView node, CompiledConfig config, NodePlan plan, Instant now) {
    BrakeState known = nodes.getOrDefault(node.name(), BrakeState.NONE);
    BrakeState before = known.of(node);
    BrakeState state =
        WayBack.isTaken(node, config, policies)
            ? BrakeState.NONE
            : BrakeState.of(
                node, plan, BrakeState.policyOf(node, config, plan, before), before, now);
    nodes.put(node.name(), state);
    changed(known, state);
    return state.kind() == Kind.DUE ? admit(state, plan, now) : plan;
  }

  private NodePlan admit(BrakeState due, NodePlan plan, Instant now) {
    PolicyBrake brake = adopt(due.policy());
    if (!brake.isOn()) {
      Instant settled = brake.settlesFrom(due.since()).plus(settings.get().settle());
      if (now.isBefore(settled)) {
        return BrakedPlan.settling(plan, settled);
      }
      if (!allAreDecided()) {
        return BrakedPlan.settling(plan, now.plus(UNDECIDED_RETRY));
      }
      brake = beginIfTooMuch(due.policy(), now);
      if (!brake.isOn()) {
        return plan;
      }
      listener.policyChanged(due.policy());
    }
    Optional<PolicyObject> policy = latest(due.policy());
    return policy.flatMap(brake::episode).filter(Episode::confirmed).isPresent()
        ? plan
        : BrakedPlan.braked(plan, due.policy());
  }

  @Override
  public void forget(String node, Instant now) {
    Optional.ofNullable(nodes.remove(node)).ifPresent(gone -> changed(gone, BrakeState.NONE));
  }

  /**
   * Counts the nodes of a policy that has an episode, and ends the episode if it is over. Call it
   * after {@link Listener#policyChanged}, at {@link #mayEndAt}, and as a new leader, which takes
   * over the episode that the policy's status records.
   */
  public void review(String policy, Instant now) {
    if (endIfOver(policy, now)) {
      nodes.forEach(
          (node, state) -> {
            if (state.kind() == Kind.DUE && state.policy().equals(policy)) {
              listener.freed(node);
            }
          });
    }
  }

  /** The episode of a policy, if there is one. */
  public Optional<Episode> episode(PolicyObject policy) {
    return brakes.getOrDefault(policy.name(), PolicyBrake.NONE).episode(policy);
  }

  /** When a policy's episode may end by time alone. */
  public Optional<Instant> mayEndAt(String policy) {
    PolicyBrake brake = brakes.getOrDefault(policy, PolicyBrake.NONE);
    return brake.isOn()
        ? brake.counts().firstLoss().map(lost -> lost.plus(settings.get().window()))
        : Optional.empty();
  }

  /** All running episodes, ordered by the names of the policies. */
  public List<Episode> episodes() {
    return brakes.keySet().stream()
        .flatMap(name -> latest(name).flatMap(this::episode).stream())
        .toList();
  }

  /** The number of nodes that the brake holds. */
  public int braked() {
    return episodes().stream().filter(e -> !e.confirmed()).mapToInt(e -> e.counts().due()).sum();
  }

  /** False until every node of the cluster has been decided once. */
  public boolean knowsAllNodes() {
    return allDecided || nodes.size() >= nodesInCache.getAsInt();
  }

  /** Once true it stays true: nodes that join later are no reason to wait. */
  private boolean allAreDecided() {
    allDecided = knowsAllNodes();
    return allDecided;
  }

  private void changed(BrakeState before, BrakeState after) {
    if (!before.equals(after)) {
      Stream.of(before.policy(), after.policy())
          .distinct()
          .filter(policy -> brakes.getOrDefault(policy, PolicyBrake.NONE).isOn())
          .forEach(listener::policyChanged);
    }
  }

  /** Takes over the episode that the policy's status records: it is valid for all replicas. */
  private synchronized PolicyBrake adopt(String policy) {
    Optional<Instant> recorded = latest(policy).flatMap(p -> BrakeStatus.since(p.status()));
    PolicyBrake brake = brakes.get(policy);
    return put(policy, brake == null ? PolicyBrake.of(recorded) : brake.adopt(recorded));
  }

  private synchronized PolicyBrake beginIfTooMuch(String policy, Instant now) {
    PolicyBrake brake = adopt(policy);
    if (brake.isOn()) {
      return brake;
    }
    brake = put(policy, areGood(brake.counts(), now) ? brake : brake.with(count(policy, now)));
    if (brake.counts().isTooMuch(settings.get().mostPercent())) {
      put(policy, brake.begin(now));
    }
    return adopt(policy);
  }

  private synchronized boolean endIfOver(String policy, Instant now) {
    PolicyBrake brake = adopt(policy);
    if (!brake.isOn() || !allAreDecided()) {
      return false;
    }
    brake = brake.with(count(policy, now));
    boolean isOver = !brake.counts().isTooMuch(settings.get().mostPercent());
    put(policy, isOver ? brake.end(now) : brake);
    return isOver;
  }

  /** A policy without an episode and counts is removed. */
  private PolicyBrake put(String policy, PolicyBrake brake) {
    if (brake.equals(PolicyBrake.NONE)) {
      brakes.remove(policy);
    } else {
      brakes.put(policy, brake);
    }
    return brake;
  }

  /**
   * Counts are never older than the time a node settles, so that they include each node that they
   * let pass.
   */
  private boolean areGood(BrakeCounts counts, Instant now) {
    Duration settle = settings.get().settle();
    Duration longest = settle.compareTo(COUNTS_TTL) < 0 ? settle : COUNTS_TTL;
    return now.isBefore(counts.at().plus(longest));
  }

  private BrakeCounts count(String policy, Instant now) {
    return BrakeCounts.of(policy, nodes, now.minus(settings.get().window()), now);
  }

  private Optional<PolicyObject> latest(String policy) {
    return policies.entry(policy).map(PolicyCatalog.Entry::latest);
  }
}
