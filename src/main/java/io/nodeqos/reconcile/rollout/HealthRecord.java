// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import io.nodeqos.policy.rollout.RolloutState.Failure;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The health of one node over time. Used by one thread. */
final class HealthRecord {
  /** A pod that crashes again and again is Ready in between. */
  static final int TOO_OFTEN = 3;

  private final Map<String, Trouble> troubles = new HashMap<>();
  private final Set<String> before = new HashSet<>();
  private String revision;
  private Instant changedAt;
  private boolean wasWarm;

  /**
   * Something that is wrong, or was.
   *
   * @param symptom as last seen
   * @param times how many times it began
   */
  private record Trouble(Symptom symptom, Instant since, boolean present, int times) {}

  /**
   * @param revision that the node carries
   * @param now when it was first seen
   */
  HealthRecord(String revision, Instant now) {
    this.revision = revision;
    this.changedAt = now;
  }

  /** When the node was first seen with its present revision. */
  Instant changedAt() {
    return changedAt;
  }

  /**
   * What is wrong now was wrong before: it does not count until it has gone once. A missing
   * acknowledgement is about the present revision.
   */
  void acceptPresent() {
    troubles.forEach(
        (key, trouble) -> {
          if (trouble.present() && !trouble.symptom().isNotAcknowledged()) {
            before.add(key);
          }
        });
    troubles.replaceAll((key, t) -> new Trouble(t.symptom(), t.since(), t.present(), 0));
  }

  /** The same for what has been wrong since before this time, as far as the API says so. */
  void acceptFrom(Instant start) {
    troubles.forEach(
        (key, trouble) -> {
          if (trouble.present() && trouble.symptom().since().filter(start::isAfter).isPresent()) {
            before.add(key);
          }
        });
  }

  /** The node carries this revision now. */
  void carries(String nowCarried, Instant now) {
    if (!nowCarried.equals(revision)) {
      revision = nowCarried;
      changedAt = now;
    }
  }

  /** The node has the mark. */
  void seenWarm() {
    wasWarm = true;
  }

  boolean wasWarm() {
    return wasWarm;
  }

  void seen(List<Symptom> symptoms, Instant now) {
    Set<String> present = symptoms.stream().map(Symptom::key).collect(Collectors.toSet());
    troubles.replaceAll(
        (key, t) ->
            present.contains(key) ? t : new Trouble(t.symptom(), t.since(), false, t.times()));
    before.retainAll(present);
    for (Symptom symptom : symptoms) {
      Trouble known = troubles.get(symptom.key());
      boolean isNew = known == null || !known.present();
      troubles.put(
          symptom.key(),
          new Trouble(
              symptom,
              isNew ? now : known.since(),
              true,
              (known == null ? 0 : known.times())
                  + (isNew && symptom.grace().isPresent() ? 1 : 0)));
    }
  }

  /** True when something is wrong, whether it was wrong before or not. */
  boolean isUnwell() {
    return troubles.values().stream().anyMatch(Trouble::present);
  }

  NodeHealth health(String node, Instant now) {
    boolean healthy =
        troubles.entrySet().stream()
            .noneMatch(e -> e.getValue().present() && !before.contains(e.getKey()));
    Optional<Failure> failure =
        troubles.entrySet().stream()
            .filter(e -> !before.contains(e.getKey()) && isFailure(e.getValue(), now))
            .map(Map.Entry::getValue)
            .min(Comparator.comparing(Trouble::since).thenComparing(t -> t.symptom().key()))
            .map(t -> new Failure(node, t.since(), t.symptom().reason(), t.symptom().message()));
    return new NodeHealth(healthy, failure);
  }

  private static boolean isFailure(Trouble trouble, Instant now) {
    return trouble.times() >= TOO_OFTEN
        || (trouble.present()
            && trouble
                .symptom()
                .grace()
                .filter(grace -> !now.isBefore(trouble.since().plus(grace)))
                .isPresent());
  }
}
