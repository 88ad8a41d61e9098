// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.plan;

import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.value.Instants;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The decision for one node: the difference between its present and its wanted state, and the
 * reason.
 *
 * @param base changes of the metadata for configuration and warm-up
 * @param images changes of the metadata for image pulls
 * @param status written after the metadata
 * @param transitions the transitions of the node when the plan is written
 * @param memory for the next decision, whether or not the plan could be written
 * @param checkAgainAt when time alone changes the decision
 */
public record NodePlan(
    Summary summary,
    MetadataChange base,
    ImagePlan images,
    StatusChange status,
    List<PlannedTransition> transitions,
    NodeMemory memory,
    Optional<Instant> checkAgainAt) {

  public NodePlan {
    transitions = List.copyOf(transitions);
  }

  /**
   * The summary of the plan, for messages and counts.
   *
   * @param configVersion empty without one
   * @param reason CamelCase, empty when there is none
   * @param message one sentence
   * @param matching names of the policies that select the node
   * @param sources names of the policies that contribute a section, by precedence
   * @param outdated names of the policies of which the node follows an earlier revision
   * @param deadlocks DaemonSets (namespace/name) whose pods a gate waits for while the startup
   *     taint keeps them off
   * @param leaving names of the policies whose leftovers must be removed from the node, because
   *     they no longer apply to it and their {@code deletionPolicy} is Remove
   * @param orphanTaints startup taints ({@code key:effect}) that no policy will remove
   * @param crowdedOut names of plug-in workers that do not answer, and whose sections must be
   *     removed because the configuration is too large with them
   * @param freeze why the node is frozen; the phase is then that of its present state
   */
  public record Summary(
      NodePhase phase,
      String configVersion,
      String reason,
      String message,
      List<String> matching,
      List<String> sources,
      List<String> outdated,
      List<String> deadlocks,
      List<String> leaving,
      List<String> orphanTaints,
      List<String> crowdedOut,
      Optional<Freeze> freeze) {

    public Summary {
      matching = List.copyOf(matching);
      sources = List.copyOf(sources);
      outdated = List.copyOf(outdated);
      deadlocks = List.copyOf(deadlocks);
      leaving = List.copyOf(leaving);
      orphanTaints = List.copyOf(orphanTaints);
      crowdedOut = List.copyOf(crowdedOut);
    }

    /** For a node in this phase, without further details. */
    public static Summary of(NodePhase phase) {
      return new Summary(
          phase,
          "",
          "",
          "",
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          Optional.empty());
    }

    public Summary in(NodePhase newPhase) {
      Draft draft = new Draft(this);
      draft.phase = newPhase;
      return draft.summary();
    }

    public Summary because(String newReason, String newMessage) {
      Draft draft = new Draft(this);
      draft.reason = newReason;
      draft.message = newMessage;
      return draft.summary();
    }

    public Summary withVersion(String version) {
      Draft draft = new Draft(this);
      draft.configVersion = version;
      return draft.summary();
    }

    public Summary withPolicies(List<String> selecting, List<String> contributing) {
      Draft draft = new Draft(this);
      draft.matching = selecting;
      draft.sources = contributing;
      return draft.summary();
    }

    /** The same for a node that follows earlier revisions of these policies. */
    public Summary withOutdated(List<String> policies) {
      Draft draft = new Draft(this);
      draft.outdated = policies;
      return draft.summary();
    }

    public Summary withDeadlocks(List<String> daemonSets) {
      Draft draft = new Draft(this);
      draft.deadlocks = daemonSets;
      return draft.summary();
    }

    /** The same for a node with leftovers of other policies. */
    public Summary withLeftovers(List<String> policies, List<String> taints) {
      Draft draft = new Draft(this);
      draft.leaving = policies;
      draft.orphanTaints = taints;
      return draft.summary();
    }

    public Summary withCrowdedOut(List<String> workers) {
      Draft draft = new Draft(this);
      draft.crowdedOut = workers;
      return draft.summary();
    }

    /** It waits, and is not frozen. */
    public boolean waitsForGates() {
      return phase == NodePhase.WAITING && freeze.isEmpty();
    }

    /** The same for a frozen node. */
    public Summary frozen(Freeze why) {
      Draft draft = new Draft(because(why.cause().code(), why.message()));
      draft.freeze = Optional.of(why);
      return draft.summary();
    }

    /** A mutable copy of all components, so that a change of one does not repeat the others. */
    private static final class Draft {
      private NodePhase phase;
      private String configVersion;
      private String reason;
      private String message;
      private List<String> matching;
      private List<String> sources;
      private List<String> outdated;
      private List<String> deadlocks;
      private List<String> leaving;
      private List<String> orphanTaints;
      private List<String> crowdedOut;
      private Optional<Freeze> freeze;

      Draft(Summary base) {
        phase = base.phase;
        configVersion = base.configVersion;
        reason = base.reason;
        message = base.message;
        matching = base.matching;
        sources = base.sources;
        outdated = base.outdated;
        deadlocks = base.deadlocks;
        leaving = base.leaving;
        orphanTaints = base.orphanTaints;
        crowdedOut = base.crowdedOut;
        freeze = base.freeze;
      }

      Summary summary() {
        return new Summary(
            phase,
            configVersion,
            reason,
            message,
            matching,
            sources,
            outdated,
            deadlocks,
            leaving,
            orphanTaints,
            crowdedOut,
            freeze);
      }
    }
  }

  /** A transition of a node that is reported as an event. */
  public enum PlannedTransition {
    CONFIG_UPDATED,
    WARMUP_STARTED,
    /** A gate waits for pods that the startup taint keeps off. */
    GATE_DEADLOCK,
    /** Gates are released after their timeout. */
    WARMUP_TIMED_OUT,
    WARMUP_DONE,
    /** The mark was valid for another boot, or another node of this name. */
    WARMUP_LOST,
    /** In mode Continuous: a gate of a warm node has closed again, by evidence. */
    GATE_LOST,
    /** The warm-up mark is removed, because its policy no longer applies to the node. */
    MARKS_REMOVED;

    /**
     * True when it removes the warm-up mark from a node by a decision of this controller: the brake
     * may hold it. A mark that another boot has voided does not count.
     */
    public boolean takesMark() {
      return this == GATE_LOST || this == MARKS_REMOVED;
    }
  }

  /** Changes nothing. */
  public static NodePlan none(Summary summary, NodeMemory memory) {
    return new NodePlan(
        summary,
        MetadataChange.NONE,
        ImagePlan.NONE,
        StatusChange.NONE,
        List.of(),
        memory,
        Optional.empty());
  }

  /** All changes of the metadata: one patch, which is written first. */
  public MetadataChange metadata() {
    return images.with(base);
  }

  public NodePlan withSummary(Summary other) {
    return new NodePlan(other, base, images, status, transitions, memory, checkAgainAt);
  }

  public NodePlan withBase(MetadataChange other) {
    return new NodePlan(summary, other, images, status, transitions, memory, checkAgainAt);
  }

  public NodePlan withImages(ImagePlan other) {
    return other == images
        ? this
        : new NodePlan(summary, base, other, status, transitions, memory, checkAgainAt);
  }

  public NodePlan withStatus(StatusChange other) {
    return new NodePlan(summary, base, images, other, transitions, memory, checkAgainAt);
  }

  public NodePlan withTransitions(List<PlannedTransition> others) {
    return new NodePlan(summary, base, images, status, others, memory, checkAgainAt);
  }

  public NodePlan withMemory(NodeMemory other) {
    return new NodePlan(summary, base, images, status, transitions, other, checkAgainAt);
  }

  /** The same, but the node is decided again at this time, or earlier if the plan says so. */
  public NodePlan checkNoLaterThan(Optional<Instant> at) {
    return new NodePlan(
        summary, base, images, status, transitions, memory, Instants.earliest(checkAgainAt, at));
  }

  /** The node stays as it is: it is frozen, or cannot be configured yet. */
  public boolean leavesAlone() {
    return summary.freeze().isPresent() || summary.phase() == NodePhase.PENDING;
  }

  /** True when it removes the warm-up mark from the node. */
  public boolean takesMark() {
    return transitions.stream().anyMatch(PlannedTransition::takesMark);
  }

  /** True when the node is up to date. */
  public boolean isConverged() {
    return base.isEmpty() && images.change().isEmpty() && status.isEmpty();
  }
}
