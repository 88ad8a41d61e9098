// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The decoded, valid {@code spec.rollout}: how a change of the sections of a policy reaches its
 * nodes.
 *
 * @param steps in order, rising; the last one is always all nodes
 * @param maxConcurrent the most nodes that have been given another revision and are not healthy
 *     with it yet, at least 1
 * @param spreadBy a node label: each step takes its share of the nodes with each value
 * @param newNodes the revision of a node that joins while the rollout is under way
 * @param paused no node gets another revision
 * @param health when a node on the target revision is healthy
 * @param onFailure the consequence of too many failed nodes
 * @param revisionHistoryLimit how many revisions are kept, besides the stable one
 */
public record RolloutSpec(
    List<Step> steps,
    int maxConcurrent,
    String spreadBy,
    NewNodes newNodes,
    boolean paused,
    Health health,
    OnFailure onFailure,
    int revisionHistoryLimit) {
  public static final int MAX_STEPS = 32;
  public static final int DEFAULT_CONCURRENT = 10;
  public static final String DEFAULT_SPREAD = "topology.kubernetes.io/zone";
  public static final int DEFAULT_HISTORY = 5;

  public RolloutSpec {
    steps = completed(steps);
  }

  /** A step of all nodes follows where the last one is smaller. */
  private static List<Step> completed(List<Step> given) {
    if (!given.isEmpty() && given.get(given.size() - 1).nodes().equals(Share.ALL)) {
      return List.copyOf(given);
    }
    List<Step> all = new ArrayList<>(given);
    all.add(new Step(Share.ALL, Optional.empty()));
    return List.copyOf(all);
  }

  /** The step of this number, which counts from 1; the last one for a higher number. */
  public Step step(int number) {
    return steps.get(Math.min(number, steps.size()) - 1);
  }

  /**
   * A step.
   *
   * @param nodes how many nodes of the policy carry the target revision after it, in all
   * @param pause the pause after it; empty for none
   */
  public record Step(Share nodes, Optional<Pause> pause) {}

  /**
   * A pause.
   *
   * @param duration empty: until the step is promoted
   */
  public record Pause(Optional<Duration> duration) {}

  /**
   * The health of a node on the target revision.
   *
   * @param soak ({@code for}) how long all nodes of a step must be healthy before the next step
   * @param ackWithin a node fails unless its agent acknowledges the configuration within this time;
   *     empty: no acknowledgement is awaited
   * @param conditions the node conditions that must hold
   * @param maxFailed the most failed nodes; a percentage is of the nodes on the target revision,
   *     rounded down
   */
  public record Health(
      Duration soak, Optional<Duration> ackWithin, List<Condition> conditions, Share maxFailed) {
    public static final Duration DEFAULT_SOAK = Duration.ofMinutes(1);

    public Health {
      conditions = List.copyOf(conditions);
    }
  }

  /** A node condition and the status that it must have. */
  public record Condition(String type, String status) {}

  /** The revision of a node that joins while a rollout is under way. */
  public enum NewNodes {
    STABLE("Stable"),
    TARGET("Target");

    private final String text;

    NewNodes(String text) {
      this.text = text;
    }

    /** As policies write it. */
    public String text() {
      return text;
    }
  }

  /** The consequence of too many failed nodes. */
  public enum OnFailure {
    /** The nodes on the target revision get the stable one back. */
    ROLL_BACK("RollBack"),
    /** No further node gets the target revision until a person acts. */
    PAUSE("Pause");

    private final String text;

    OnFailure(String text) {
      this.text = text;
    }

    /** As policies write it. */
    public String text() {
      return text;
    }
  }
}
