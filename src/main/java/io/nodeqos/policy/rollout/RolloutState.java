// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The record of a rollout, in {@code status.rollout}: everything that a new leader needs, besides
 * the revisions that the nodes carry. Times have whole seconds.
 *
 * @param revisions the stable and the target revision
 * @param progress the present step
 * @param counts of nodes, as of the last write
 * @param failed the first failed nodes, at most {@link #MAX_FAILED}
 * @param message one sentence
 * @param handled the last request that started the rollout again: it counts once
 */
public record RolloutState(
    RolloutPhase phase,
    Revisions revisions,
    Progress progress,
    Counts counts,
    List<Failure> failed,
    String reason,
    String message,
    String handled) {
  public static final int MAX_FAILED = 10;

  /** How far a time of another process, by its own clock, may be ahead of ours. */
  private static final Duration AHEAD = Duration.ofMinutes(1);

  public RolloutState {
    failed = List.copyOf(failed);
  }

  /**
   * The revisions.
   *
   * @param stable ten hex digits; empty when the policy is new, so that nothing was in force before
   * @param stableGeneration the generation of the policy in which the stable revision was completed
   *     last; 0 when the policy is new. Its node selector names the nodes that carry the stable
   *     revision
   * @param target ten hex digits: the revision of the spec in force
   */
  public record Revisions(String stable, long stableGeneration, String target) {}

  /**
   * The progress.
   *
   * @param step counts from 1
   * @param steps how many there are
   * @param promoted the last step that an operator has promoted, 0 for none
   * @param accepted how many nodes had failed when it was promoted last: they do not count again
   * @param startedAt the start of the rollout
   * @param stepSince the start of the step
   * @param healthySince since when all nodes of the step have been healthy
   */
  public record Progress(
      int step,
      int steps,
      int promoted,
      int accepted,
      Instant startedAt,
      Instant stepSince,
      Optional<Instant> healthySince) {
    public static final Progress NONE =
        new Progress(0, 0, 0, 0, Instant.EPOCH, Instant.EPOCH, Optional.empty());

    /** A step that nobody has promoted in spite of failed nodes. */
    public Progress(
        int step,
        int steps,
        int promoted,
        Instant startedAt,
        Instant stepSince,
        Optional<Instant> healthySince) {
      this(step, steps, promoted, 0, startedAt, stepSince, healthySince);
    }

    /** This progress, with all nodes of the step healthy since then. */
    public Progress healthy(Instant since) {
      return withHealthySince(Optional.of(since));
    }

    /** This progress, with a node of the step that is not healthy. */
    public Progress unhealthy() {
      return withHealthySince(Optional.empty());
    }

    private Progress withHealthySince(Optional<Instant> since) {
      return new Progress(step, steps, promoted, accepted, startedAt, stepSince, since);
    }

    private boolean isBy(Instant latest) {
      return !startedAt.isAfter(latest)
          && !stepSince.isAfter(latest)
          && healthySince.filter(latest::isBefore).isEmpty();
    }

    private Progress by(Instant latest, Instant now) {
      return new Progress(
          step,
          steps,
          promoted,
          accepted,
          startedAt.isAfter(latest) ? now : startedAt,
          stepSince.isAfter(latest) ? now : stepSince,
          healthySince.filter(at -> !at.isAfter(latest)));
    }
  }

  /**
   * Numbers of nodes.
   *
   * @param nodes all nodes of the policy
   * @param wanted those that carry the target revision at the end of the step
   * @param updated those that carry the target revision
   * @param healthy those among them that are healthy
   * @param failed those among them that have failed
   * @param controlFailed the nodes on the stable revision that have failed in the same time
   */
  public record Counts(
      int nodes, int wanted, int updated, int healthy, int failed, int controlFailed) {
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

    /** The control group: nodes that do not carry the target revision. */
    public int control() {
      return nodes - updated;
    }
  }

  /**
   * A failed node.
   *
   * @param at when it failed
   * @param reason CamelCase
   * @param message a clause
   */
  public record Failure(String node, Instant at, String reason, String message) {}

  /** The record of a policy whose nodes all follow this revision. */
  public static RolloutState complete(String revision, long generation) {
    return new RolloutState(
        RolloutPhase.COMPLETE,
        new Revisions(revision, generation, revision),
        Progress.NONE,
        Counts.NONE,
        List.of(),
        "",
        "",
        "");
  }

  public RolloutState in(RolloutPhase next, String newReason, String newMessage) {
    return new RolloutState(
        next, revisions, progress, counts, failed, newReason, newMessage, handled);
  }

  public RolloutState with(Progress next) {
    return new RolloutState(phase, revisions, next, counts, failed, reason, message, handled);
  }

  public RolloutState with(Counts next, List<Failure> nowFailed) {
    return new RolloutState(phase, revisions, progress, next, nowFailed, reason, message, handled);
  }

  /**
   * The record without times of the future, by which a rollout would wait for them and count no
   * failure before them.
   */
  public RolloutState asOf(Instant now) {
    Instant latest = now.plus(AHEAD);
    return progress.isBy(latest) ? this : with(progress.by(latest, now));
  }

  /** True when both are about one rollout: each has its own start. */
  public boolean isOfSameRolloutAs(RolloutState other) {
    return revisions.target().equals(other.revisions.target())
        && progress.startedAt().equals(other.progress.startedAt());
  }

  /** True when both allow the same moves of nodes. */
  public boolean isStepOf(RolloutState other) {
    return phase == other.phase
        && revisions.equals(other.revisions)
        && progress.equals(other.progress)
        && handled.equals(other.handled);
  }
}
