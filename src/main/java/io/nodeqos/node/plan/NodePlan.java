// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.plan;

import io.nodeqos.node.NodeMemory;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is decided for one node: the difference between what it carries and what it should, and why.
 *
 * @param metadata written first
 * @param status written second
 * @param transitions what happens to the node when the plan is carried out
 * @param memory to decide with next time, whether or not the plan could be written
 * @param checkAgainAt when time alone changes the decision
 */
public record NodePlan(
    Summary summary,
    MetadataChange metadata,
    StatusChange status,
    List<Transition> transitions,
    NodeMemory memory,
    Optional<Instant> checkAgainAt) {

  /**
   * What the plan says of the node, for people and counts.
   *
   * @param configVersion empty without one
   * @param reason CamelCase, empty when there is none
   * @param message one sentence
   * @param matching names of the policies that select the node
   * @param sources names of the policies that contribute a section, by precedence
   * @param deadlocks DaemonSets (namespace/name) whose pods a gate waits for while the startup
   *     taint keeps them off
   * @param leaving names of the policies whose remains the node carries and shall lose, as they are
   *     gone from it and their {@code deletionPolicy} is Remove
   * @param orphanTaints startup taints ({@code key:effect}) that no policy will take off
   * @param freeze why the node is kept as it is; the phase is then that of what it carries
   */
  public record Summary(
      NodePhase phase,
      String configVersion,
      String reason,
      String message,
      List<String> matching,
      List<String> sources,
      List<String> deadlocks,
      List<String> leaving,
      List<String> orphanTaints,
      Optional<Freeze> freeze) {

    /** Nothing is left of other policies. */
    public Summary(
        NodePhase phase,
        String configVersion,
        String reason,
        String message,
        List<String> matching,
        List<String> sources,
        List<String> deadlocks) {
      this(
          phase,
          configVersion,
          reason,
          message,
          matching,
          sources,
          deadlocks,
          List.of(),
          List.of(),
          Optional.empty());
    }

    public Summary(
        NodePhase phase,
        String configVersion,
        String reason,
        String message,
        List<String> matching,
        List<String> sources) {
      this(phase, configVersion, reason, message, matching, sources, List.of());
    }

    /** It waits, and not because it is kept as it is. */
    public boolean waitsForGates() {
      return phase == NodePhase.WAITING && freeze.isEmpty();
    }

    /** The same of a node that is kept as it is. */
    public Summary frozen(Freeze why) {
      return new Summary(
          phase,
          configVersion,
          why.cause().code(),
          why.message(),
          matching,
          sources,
          deadlocks,
          leaving,
          orphanTaints,
          Optional.of(why));
    }
  }

  /** What happens to a node, worth an event. */
  public enum Transition {
    CONFIG_UPDATED,
    WARMUP_STARTED,
    /** A gate waits for pods that the startup taint keeps off. */
    GATE_DEADLOCK,
    /** Gates are passed over, as their timeout says so. */
    WARMUP_TIMED_OUT,
    WARMUP_DONE,
    /** The mark was for another boot, or another node of this name. */
    WARMUP_LOST,
    /** In mode Continuous: a gate of a warm node has closed again, by evidence. */
    GATE_LOST,
    /** The warm-up mark is taken off, as the policy that it is of is gone from the node. */
    MARKS_REMOVED;

    /**
     * True when it takes the warm-up mark from a node by a decision of ours: the brake may hold it.
     * A mark that another boot has voided is gone already.
     */
    public boolean takesMark() {
      return this == GATE_LOST || this == MARKS_REMOVED;
    }
  }

  /** The same, said of a node that carries what other policies left. */
  public NodePlan remaining(List<String> leaving, List<String> orphanTaints) {
    return leaving.isEmpty() && orphanTaints.isEmpty()
        ? this
        : with(
            new Summary(
                summary.phase(),
                summary.configVersion(),
                summary.reason(),
                summary.message(),
                summary.matching(),
                summary.sources(),
                summary.deadlocks(),
                List.copyOf(leaving),
                List.copyOf(orphanTaints),
                summary.freeze()));
  }

  /** The same with another summary. */
  public NodePlan with(Summary other) {
    return new NodePlan(other, metadata, status, transitions, memory, checkAgainAt);
  }

  /** True when it takes the warm-up mark from the node. */
  public boolean takesMark() {
    return transitions.stream().anyMatch(Transition::takesMark);
  }

  /** True when the node already carries everything it should. */
  public boolean isConverged() {
    return metadata.isEmpty() && status.isEmpty();
  }
}
