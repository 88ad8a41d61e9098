// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import io.nodeqos.node.StartupTaintPrefixes;
import io.nodeqos.policy.rollout.NodeMoves;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.spec.DeletionPolicy;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The policies in force. The last valid version of an invalid policy stays in force, as seen by
 * this process or recorded in its newest {@link PolicyRevision}; an invalid policy never blocks
 * another one. The uid distinguishes policies: knowledge about one policy does not apply to another
 * one that was created under its name. Thread-safe: changes are serialised, reads take one volatile
 * load.
 */
public final class PolicyCatalog {
  private final EntryDecoder decoder;
  private final Map<String, Entry> entries = new HashMap<>();
  private final PolicyRevisions revisions;
  private final RolloutVersions rollouts;
  private final NodeMoves moves = new NodeMoves();
  private final StartupTaintPrefixes taints;

  /** Policies of which a stored revision has gone since the last snapshot. */
  private final Set<String> lost = new HashSet<>();

  private volatile PolicySnapshot snapshot;

  public PolicyCatalog(PolicyDecoder decoder) {
    this.taints = decoder.taints();
    this.revisions = new PolicyRevisions(taints);
    this.decoder = new EntryDecoder(decoder, revisions);
    this.rollouts = new RolloutVersions(decoder, revisions);
    this.snapshot =
        new PolicySnapshot(
            0,
            List.of(),
            new PolicySnapshot.Numbers(Map.of(), Map.of()),
            new Rollouts(Map.of(), moves),
            new PolicySnapshot.NotInForce(Set.of(), Set.of()),
            removals(List.of(), List.of()));
  }

  /**
   * The known state of one policy.
   *
   * @param latest the latest seen version
   * @param inForce the last valid version of the same policy (by uid), empty when there was none
   * @param problems why the latest version is invalid; empty when it is valid
   * @param dryRun the latest version when it is a dry run; then none is in force
   */
  public record Entry(
      PolicyObject latest,
      Optional<NodeQoSPolicy> inForce,
      List<String> problems,
      Optional<NodeQoSPolicy> dryRun) {

    static Entry of(PolicyObject latest, Optional<NodeQoSPolicy> inForce, List<String> problems) {
      return new Entry(latest, inForce, problems, Optional.empty());
    }

    /** The same with another state of the same version. */
    public Entry withLatest(PolicyObject object) {
      return new Entry(object, inForce, problems, dryRun);
    }

    /** True when nodes must be cleaned of the policy once it is deleted. */
    public boolean removesWhenDeleted() {
      return dryRun.isEmpty() && deletionPolicy() == DeletionPolicy.REMOVE;
    }

    private DeletionPolicy deletionPolicy() {
      return DeletionPolicy.ofDeleted(
          latest.spec(),
          inForce
              .map(good -> good.spec().deletionPolicy())
              .orElse(latest.holdsNodes() ? DeletionPolicy.REMOVE : DeletionPolicy.KEEP));
    }

    /**
     * True for a policy that could be deleted before its nodes are cleaned. A new policy takes
     * effect only after its finalizer is set: otherwise its state on nodes could stay without a
     * record that it must be removed.
     */
    boolean awaitsFinalizer() {
      return removesWhenDeleted() && !latest.holdsNodes();
    }
  }

  /**
   * Applies the present version of a policy.
   *
   * @return true when nodes must be decided again: the version in force may have changed, which
   *     depends on uid, generation, deletion and our finalizer, or an operator has confirmed (or no
   *     longer confirms) a change that the brake holds. A change of the status alone is neither.
   */
  public synchronized boolean apply(PolicyObject object) {
    Entry before = entries.get(object.name());
    boolean sameObject = before != null && before.latest().meta().uid().equals(object.meta().uid());
    if (sameObject
        && before.latest().meta().generation() == object.meta().generation()
        && before.latest().meta().deleting() == object.meta().deleting()) {
      entries.put(object.name(), before.withLatest(object));
      boolean changed =
          object.holdsNodes() && !before.latest().holdsNodes()
              || !before.latest().confirm().equals(object.confirm())
              || isFollowedOtherwise(object.name());
      if (changed) {
        publish(object.name());
      }
      return changed;
    }
    entries.put(
        object.name(), decoder.entry(object, sameObject ? before.inForce() : Optional.empty()));
    publish(object.name());
    return true;
  }

  /**
   * Applies a stored revision.
   *
   * @return true when nodes must be decided again because the version in force has changed
   */
  public synchronized boolean apply(PolicyRevision revision) {
    revisions.put(revision);
    Entry before = entries.get(revision.policy());
    if (before == null) {
      return false;
    }
    Entry now = decoder.entry(before.latest(), before.inForce());
    if (now.equals(before) && !isFollowedOtherwise(revision.policy())) {
      return false;
    }
    entries.put(revision.policy(), now);
    publish(revision.policy());
    return true;
  }

  /**
   * Forgets a revision. The version in force stays: the absence of a revision is no reason to act.
   */
  public synchronized void remove(PolicyRevision revision) {
    revisions.remove(revision);
    lost.add(revision.policy());
  }

  /** All revisions of a policy by the label, the oldest first, including those of other owners. */
  public synchronized List<PolicyRevision> revisions(String policy) {
    return revisions.of(policy);
  }

  /** The nodes that the leader has given another revision. */
  public NodeMoves moves() {
    return moves;
  }

  /** The stable revision of a policy and its target; empty when no version is in force. */
  public synchronized Optional<RolloutState.Revisions> rollout(String policy) {
    return Optional.ofNullable(entries.get(policy))
        .flatMap(e -> e.inForce().map(p -> rollouts.revisions(e.latest(), p)));
  }

  /** True when nodes follow other versions of the policy than the snapshot says. */
  private boolean isFollowedOtherwise(String policy) {
    Optional<PolicyVersions> now =
        Optional.ofNullable(entries.get(policy))
            .flatMap(e -> e.inForce().flatMap(p -> rollouts.of(e.latest(), p)));
    return !now.equals(Optional.ofNullable(snapshot.rollouts().versions().get(policy)));
  }

  /** Forgets a policy. Returns false when it was not known. */
  public synchronized boolean remove(String name) {
    boolean known = entries.remove(name) != null;
    if (known) {
      publish(name);
    }
    return known;
  }

  public synchronized Optional<Entry> entry(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** How many policies are invalid in their latest version. */
  public synchronized int invalid() {
    return (int) entries.values().stream().filter(e -> !e.problems().isEmpty()).count();
  }

  /** Names of all known policies, valid or not. */
  public synchronized Set<String> names() {
    return Set.copyOf(entries.keySet());
  }

  public PolicySnapshot snapshot() {
    return snapshot;
  }

  private void publish(String changed) {
    Set<String> before =
        snapshot.inForce().stream()
            .map(policy -> policy.meta().uid())
            .collect(Collectors.toUnmodifiableSet());
    List<NodeQoSPolicy> inForce =
        entries.values().stream()
            .filter(e -> !e.latest().meta().deleting())
            .filter(e -> before.contains(e.latest().meta().uid()) || !e.awaitsFinalizer())
            .flatMap(e -> e.inForce().stream())
            .sorted(NodeQoSPolicy.PRECEDENCE)
            .toList();
    Set<String> unknown = names(e -> e.inForce().isEmpty() && e.dryRun().isEmpty());
    snapshot =
        new PolicySnapshot(
            snapshot.number() + 1,
            inForce,
            new PolicySnapshot.Numbers(sinceWhen(inForce), changes(changed)),
            new Rollouts(versions(inForce, changed), moves),
            new PolicySnapshot.NotInForce(unknown, names(e -> e.dryRun().isPresent())),
            removals(inForce, entries.values()));
    lost.clear();
  }

  private Map<String, PolicyVersions> versions(List<NodeQoSPolicy> inForce, String changed) {
    Map<String, PolicyVersions> versions = new HashMap<>();
    for (NodeQoSPolicy policy : inForce) {
      versions(policy, changed).ifPresent(v -> versions.put(policy.name(), v));
    }
    return versions;
  }

  /** Those of a policy that has not changed stay: each stored revision would be decoded again. */
  private Optional<PolicyVersions> versions(NodeQoSPolicy policy, String changed) {
    String name = policy.name();
    boolean isAsBefore =
        snapshot.numbers().since().containsKey(policy)
            && !name.equals(changed)
            && !lost.contains(name);
    return isAsBefore
        ? Optional.ofNullable(snapshot.rollouts().versions().get(name))
        : rollouts.of(entries.get(name).latest(), policy);
  }

  /** A policy that is gone has no number any more. */
  private Map<String, Long> changes(String changed) {
    Map<String, Long> changes = new HashMap<>(snapshot.numbers().changed());
    changes.put(changed, snapshot.number() + 1);
    changes.keySet().retainAll(entries.keySet());
    return changes;
  }

  private PolicyRemovals removals(List<NodeQoSPolicy> inForce, Collection<Entry> all) {
    return PolicyRemovals.of(inForce, all, taints);
  }

  private Set<String> names(Predicate<Entry> which) {
    return entries.values().stream()
        .filter(e -> !e.latest().meta().deleting())
        .filter(which)
        .map(e -> e.latest().name())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Number of the first snapshot with each version; an unchanged version keeps its number. */
  private Map<NodeQoSPolicy, Long> sinceWhen(List<NodeQoSPolicy> inForce) {
    Map<NodeQoSPolicy, Long> since = new IdentityHashMap<>();
    Map<NodeQoSPolicy, Long> before = snapshot.numbers().since();
    inForce.forEach(p -> since.put(p, before.getOrDefault(p, snapshot.number() + 1)));
    return since;
  }
}
