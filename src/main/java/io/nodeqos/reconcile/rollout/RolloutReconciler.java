// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRollout;
import io.nodeqos.policy.rollout.NodeMoves;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Carries rollouts out, while this process leads: looks at the nodes, decides, writes the record,
 * and then gives nodes another revision. Keys are names of policies. Used by one thread.
 *
 * <p>A record is written before it is acted on: so a new leader goes on where the last one was, and
 * never lets more nodes over than the record allows.
 */
public final class RolloutReconciler implements WorkerPool.Handler {
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration CACHE_RETRY = Duration.ofMillis(100);

  /** A look costs O(nodes): it takes at most this part of a thread. */
  private static final int PAUSE_FACTOR = 20;

  /** Counts alone do not hurry. */
  private static final Duration COUNTS_INTERVAL = Duration.ofSeconds(5);

  /** Nodes that could not be given the stable revision back, because they were frozen. */
  private static final Duration LATE_NODES = Duration.ofSeconds(30);

  private final PolicyCatalog policies;
  private final ClusterView cluster;
  private final FleetIndex fleet;
  private final RolloutWrites writes;
  private final Consumer<String> decideNode;
  private final TimeSource time;
  private final Map<String, Watched> watched = new HashMap<>();
  private long term = -1;

  /**
   * What this leader remembers of a rollout.
   *
   * @param startedAt the rollout that it is about
   * @param writtenAt when its record was written last
   */
  private record Watched(RolloutWatch watch, Instant startedAt, Instant writtenAt) {}

  /**
   * @param decideNode queues a node that was given another revision
   */
  public RolloutReconciler(
      PolicyCatalog policies,
      ClusterView cluster,
      FleetIndex fleet,
      RolloutWrites writes,
      Consumer<String> decideNode,
      TimeSource time) {
    this.policies = policies;
    this.cluster = cluster;
    this.fleet = fleet;
    this.writes = writes;
    this.decideNode = decideNode;
    this.time = time;
  }

  @Override
  public Outcome handle(WorkItem item) {
    String name = item.key();
    if (term != writes.epoch()) {
      // Moves of an earlier term were carried out, or never will be.
      moves().clear();
      watched.clear();
      term = writes.epoch();
    }
    Optional<PolicyCatalog.Entry> entry =
        policies.entry(name).filter(e -> !e.latest().meta().deleting());
    Optional<NodeQoSPolicy> inForce =
        entry
            .flatMap(PolicyCatalog.Entry::inForce)
            .filter(policy -> policy.spec().rollout().isPresent());
    if (inForce.isEmpty()) {
      forget(name);
      return Outcome.done();
    }
    PolicyObject newest = writes.newest(entry.get().latest());
    Optional<RolloutState> written = writes.written(newest);
    if (isBehind(name, written)) {
      return Outcome.again(CACHE_RETRY);
    }
    Optional<PolicyRollout> rollout = policies.snapshot().rollout(name);
    return rollout
        .map(r -> step(newest, inForce.get(), r, written))
        .orElseGet(() -> settled(newest, inForce.get(), written));
  }

  /** The nodes follow the revisions of the cache, which may not hold our last write yet. */
  private boolean isBehind(String policy, Optional<RolloutState> written) {
    Optional<RolloutState.Revisions> followed = policies.rollout(policy);
    return written
        .map(RolloutState::revisions)
        .filter(
            r ->
                followed
                    .filter(f -> f.stable().equals(r.stable()))
                    .filter(f -> f.stableGeneration() == r.stableGeneration())
                    .isEmpty())
        .isPresent();
  }

  /** All nodes follow the version in force. */
  private Outcome settled(
      PolicyObject newest, NodeQoSPolicy inForce, Optional<RolloutState> written) {
    forget(newest.name());
    boolean isRecorded =
        written
            .filter(s -> s.phase() == RolloutPhase.COMPLETE)
            .filter(s -> s.revisions().target().equals(inForce.revision()))
            .filter(s -> s.revisions().stable().equals(inForce.revision()))
            .filter(s -> RolloutJson.namesPhase(newest.status()))
            .isPresent();
    return isRecorded
        ? Outcome.done()
        : write(
            newest,
            written,
            RolloutState.complete(inForce.revision(), inForce.meta().generation()),
            Outcome.done());
  }

  private Outcome step(
      PolicyObject newest,
      NodeQoSPolicy inForce,
      PolicyRollout rollout,
      Optional<RolloutState> written) {
    long began = time.nanos();
    Instant now = time.wallTime().truncatedTo(ChronoUnit.SECONDS);
    Optional<RolloutState> credible = written.map(state -> state.asOf(now));
    Optional<Instant> startedAt =
        credible
            .filter(s -> s.revisions().target().equals(rollout.target()))
            .filter(s -> s.phase() != RolloutPhase.COMPLETE)
            .map(s -> s.progress().startedAt());
    Watched known = watched(newest.name(), startedAt, now);
    RolloutDecision decision =
        RolloutPlanner.decide(
            new RolloutInput(
                inForce.spec().rollout().get(),
                inForce.spec().suspend(),
                newest.rolloutRequest(),
                policies.rollout(newest.name()).orElseThrow(),
                rollout.isStableKnown(),
                inForce.meta().generation(),
                credible,
                known.watch().look(rollout, inForce.spec().rollout().get(), startedAt, now),
                now));
    Duration pause = pause(began, decision);
    if (!decision.isAllowedBy(written)) {
      return write(newest, written, decision.state(), Outcome.again(Duration.ZERO));
    }
    carryOut(newest.name(), known.watch(), decision.moves());
    boolean isNews = written.filter(decision.state()::equals).isEmpty();
    return isNews && !now.isBefore(known.writtenAt().plus(COUNTS_INTERVAL))
        ? write(newest, written, decision.state(), Outcome.again(pause))
        : Outcome.again(pause);
  }

  /**
   * A rollout that starts again is watched from the start, and its first step has fewer nodes than
   * the record that the last moves were chosen by.
   */
  private Watched watched(String policy, Optional<Instant> startedAt, Instant now) {
    Instant about = startedAt.orElse(now);
    Watched known = watched.get(policy);
    if (known == null || !known.startedAt().equals(about)) {
      moves().clear(policy);
      known = new Watched(new RolloutWatch(cluster, fleet, moves()), about, Instant.EPOCH);
      watched.put(policy, known);
    }
    return known;
  }

  private void carryOut(String policy, RolloutWatch watch, Map<String, String> toMove) {
    toMove.forEach(
        (node, revision) -> {
          if (!writes.isAllowed()) {
            return;
          }
          watch.moved(node);
          moves().move(policy, node, revision);
          decideNode.accept(node);
        });
  }

  private Outcome write(
      PolicyObject newest, Optional<RolloutState> written, RolloutState state, Outcome later) {
    Optional<Outcome> failed = writes.write(newest, written, state);
    if (failed.isPresent()) {
      return failed.get();
    }
    watched.computeIfPresent(
        newest.name(),
        (policy, known) ->
            new Watched(
                known.watch(), known.startedAt(), time.wallTime().truncatedTo(ChronoUnit.SECONDS)));
    return later;
  }

  private Duration pause(long began, RolloutDecision decision) {
    if (decision.state().phase() == RolloutPhase.ROLLED_BACK && decision.moves().isEmpty()) {
      return LATE_NODES;
    }
    Duration look = Duration.ofNanos(time.nanos() - began).multipliedBy(PAUSE_FACTOR);
    return look.compareTo(TICK) > 0 ? look : TICK;
  }

  private void forget(String policy) {
    moves().clear(policy);
    watched.remove(policy);
  }

  private NodeMoves moves() {
    return policies.moves();
  }
}
