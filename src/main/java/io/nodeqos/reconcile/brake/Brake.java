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
import io.nodeqos.reconcile.brake.BrakeGroup.Lost;
import io.nodeqos.reconcile.brake.Standing.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Stops what would take the warm-up mark from too many nodes at once, until a person confirms it.
 * It looks at each plan after it was decided and before anything is written; what it leaves may
 * still get the label for pulling images.
 *
 * <p><b>What counts.</b> Per policy, namely the one whose section warmUp a node follows: nodes that
 * shall lose their mark, nodes with a gate that is closed but not yet for {@code stableFor}, and
 * nodes that lost their mark within {@code brake.window} and have not become warm again; all
 * against the nodes that are warm or were in the window. A reboot and a node created again under
 * its name are no loss, nor is a deleted node. More than {@code brake.maxWarmNodesLost} of them is
 * too much, but one or two nodes never are.
 *
 * <p><b>When.</b> A node waits {@code brake.settle} before it loses its mark. If it is too much
 * then, an <i>episode</i> begins: all nodes of the policy keep their marks, those that shall lose
 * them and those that come to. It ends as soon as it is no longer too much: the gates are open
 * again, nodes are warm again, or the window has passed. While not every node of the caches has
 * been decided once, no mark is taken and no episode ends.
 *
 * <p><b>Token.</b> A hash of the policy's uid, its generation and the begin of the episode, which
 * the policy's status keeps: the next leader names the same token. The annotation {@code
 * nodeqos.io/confirm} with it lets go of what the policy's nodes shall lose in this episode.
 * Another generation or a later episode has another token, so an old annotation releases nothing.
 *
 * <p>Standbys count too. Thread-safe; O(1) for each decision but for the one that ends an episode,
 * which wakes the nodes that were held.
 */
public final class Brake implements Admission {
  private static final int MOST_EXAMPLES = 20;
  private static final Duration UNTIL_ALL_ARE_DECIDED = Duration.ofSeconds(1);

  private final PolicyCatalog policies;
  private final IntSupplier nodesInCache;
  private final Supplier<BrakeSettings> settings;
  private final Listener listener;
  private final Map<String, Standing> standings = new HashMap<>();
  private final Map<String, BrakeGroup> groups = new TreeMap<>();
  private boolean allDecided;

  /** Hears what follows from a decision. Called by the thread that decided, without any lock. */
  public interface Listener {
    /** What a policy's status says of the brake may have changed. */
    void policyChanged(String policy);

    /** A node that was held is free: it is to be decided again. */
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
   * @param token that a person confirms it with
   * @param examples some nodes that shall lose their mark now, and why
   */
  public record Episode(
      String policy,
      Instant since,
      String token,
      boolean confirmed,
      Counts counts,
      Map<String, String> examples) {}

  /**
   * Nodes of a policy.
   *
   * @param due those that shall lose their mark now
   * @param threatened the same, and those with a gate that is closed but not yet for long enough
   * @param warm those that are warm, or were in the window
   */
  public record Counts(int due, int threatened, int warm) {}

  @Override
  public NodePlan admit(NodeView node, CompiledConfig config, NodePlan plan, Instant now) {
    Effects effects = new Effects(new ArrayList<>(), new ArrayList<>());
    NodePlan allowed;
    synchronized (this) {
      Standing before = standings.getOrDefault(node.name(), Standing.NONE);
      Standing standing = standing(node, config, plan, before.of(node), now);
      replace(node.name(), before, standing, effects, now);
      allowed = standing.kind() == Kind.DUE ? decide(standing, plan, effects, now) : plan;
    }
    effects.tell(listener);
    return allowed;
  }

  @Override
  public void forget(String node, Instant now) {
    Effects effects = new Effects(new ArrayList<>(), new ArrayList<>());
    synchronized (this) {
      replace(node, standings.getOrDefault(node, Standing.NONE), null, effects, now);
    }
    effects.tell(listener);
  }

  /**
   * The episode of a policy, if there is one. Ends it if only time had to pass.
   *
   * @param told the policy with what its status says
   */
  public Optional<Episode> episode(PolicyObject told, Instant now) {
    Effects effects = new Effects(new ArrayList<>(), new ArrayList<>());
    Optional<Episode> episode;
    synchronized (this) {
      BrakeGroup group =
          BrakeStatus.since(told.status()).isPresent()
              ? group(told.name())
              : groups.get(told.name());
      if (group == null) {
        return Optional.empty();
      }
      look(told.name(), group, effects, now);
      episode = group.episode().map(any -> describe(group, told));
    }
    effects.tell(listener);
    return episode;
  }

  /** When a policy's episode may end though nothing happens. */
  public synchronized Optional<Instant> mayEndAt(String policy) {
    return Optional.ofNullable(groups.get(policy))
        .filter(g -> g.episode().isPresent())
        .flatMap(g -> g.nextExpiry(settings.get().window()));
  }

  /** All episodes that go on, by the names of the policies. */
  public synchronized List<Episode> episodes() {
    List<Episode> all = new ArrayList<>();
    groups.forEach(
        (policy, group) -> {
          if (group.episode().isPresent()) {
            policies.entry(policy).ifPresent(e -> all.add(describe(group, e.latest())));
          }
        });
    return all;
  }

  /** How many nodes it holds. */
  public int braked() {
    return episodes().stream().filter(e -> !e.confirmed()).mapToInt(e -> e.counts().due()).sum();
  }

  /** False at first, until every node that the cluster has was decided once. */
  public synchronized boolean knowsAllNodes() {
    allDecided = allDecided || standings.size() >= nodesInCache.getAsInt();
    return allDecided;
  }

  private Standing standing(
      NodeView node, CompiledConfig config, NodePlan plan, Standing before, Instant now) {
    Standing standing =
        Standing.of(node, plan, Standing.policyOf(node, config, plan, before), before, now);
    return standing.kind() == Kind.LOST && isExpired(standing.since(), now)
        ? Standing.NONE
        : standing;
  }

  private boolean isExpired(Instant lostAt, Instant now) {
    return !now.isBefore(lostAt.plus(settings.get().window()));
  }

  private void replace(
      String node, Standing before, Standing standing, Effects effects, Instant now) {
    if (standing == null) {
      standings.remove(node);
    } else {
      standings.put(node, standing);
    }
    if (before.equals(standing)) {
      return;
    }
    if (!before.policy().isEmpty()) {
      group(before.policy()).remove(node, before);
    }
    if (standing != null && !standing.policy().isEmpty()) {
      group(standing.policy()).add(node, standing);
      changed(standing.policy(), effects, now);
    }
    if (!before.policy().isEmpty()
        && (standing == null || !before.policy().equals(standing.policy()))) {
      changed(before.policy(), effects, now);
    }
  }

  private void changed(String policy, Effects effects, Instant now) {
    BrakeGroup group = group(policy);
    if (group.episode().isPresent()) {
      effects.policies.add(policy);
    }
    look(policy, group, effects, now);
  }

  private BrakeGroup group(String policy) {
    return groups.computeIfAbsent(
        policy,
        name ->
            new BrakeGroup(
                policies.entry(name).flatMap(e -> BrakeStatus.since(e.latest().status()))));
  }

  /** Forgets losses that are older than the window, and ends the episode if it is over. */
  private void look(String policy, BrakeGroup group, Effects effects, Instant now) {
    for (Optional<Lost> old = group.pollExpired(settings.get().window(), now);
        old.isPresent();
        old = group.pollExpired(settings.get().window(), now)) {
      Standing lost = standings.getOrDefault(old.get().node(), Standing.NONE);
      if (lost.isLost(policy, old.get().at())) {
        group.remove(old.get().node(), lost);
        standings.put(old.get().node(), Standing.NONE);
      }
    }
    if (group.episode().isPresent()
        && knowsAllNodes()
        && !group.isTooMuch(settings.get().mostPercent())) {
      group.end(now);
      effects.policies.add(policy);
      effects.freed.addAll(group.due().keySet());
    }
  }

  private NodePlan decide(Standing standing, NodePlan plan, Effects effects, Instant now) {
    BrakeGroup group = group(standing.policy());
    if (group.episode().isEmpty()) {
      Instant due = later(standing.since(), group.freeSince()).plus(settings.get().settle());
      if (now.isBefore(due)) {
        return HeldPlan.settling(plan, due);
      }
      if (!knowsAllNodes()) {
        return HeldPlan.settling(plan, now.plus(UNTIL_ALL_ARE_DECIDED));
      }
      if (!group.isTooMuch(settings.get().mostPercent())) {
        return plan;
      }
      group.begin(now);
      effects.policies.add(standing.policy());
    }
    boolean confirmed =
        policies
            .entry(standing.policy())
            .map(e -> token(group, e.latest()).equals(e.latest().confirm()))
            .orElse(false);
    return confirmed ? plan : HeldPlan.braked(plan, standing.policy());
  }

  /** Only of a group with an episode, which began when the policy's status says so. */
  private static String token(BrakeGroup group, PolicyObject policy) {
    BrakeStatus.since(policy.status()).ifPresent(group::adopt);
    return BrakeStatus.token(policy.meta(), group.episode().orElseThrow());
  }

  private static Episode describe(BrakeGroup group, PolicyObject policy) {
    String token = token(group, policy);
    Map<String, String> examples = new LinkedHashMap<>();
    group.due().entrySet().stream()
        .limit(MOST_EXAMPLES)
        .forEach(e -> examples.put(e.getKey(), e.getValue()));
    return new Episode(
        policy.name(),
        group.episode().orElseThrow(),
        token,
        token.equals(policy.confirm()),
        new Counts(group.due().size(), group.threatened(), group.warm()),
        Collections.unmodifiableMap(examples));
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  /** Whom to tell what, once the lock is free. */
  private record Effects(List<String> policies, List<String> freed) {
    void tell(Listener listener) {
      policies.forEach(listener::policyChanged);
      freed.forEach(listener::freed);
    }
  }
}
