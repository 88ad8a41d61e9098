// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain.answer;

import io.nodeqos.explain.fleet.UsualTime;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.policy.spec.GateKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Why a node is warm or not, and the next steps. Times are by the wall clock.
 *
 * @param gates in the order of the policy; empty when they do not count
 * @param causes the objects that keep it from becoming warm, the most important first
 * @param advice the next steps, the most useful first
 * @param history the last transitions, the oldest first
 * @param missing sentences about facts that could not be read
 */
public record Explanation(
    String node,
    Standing standing,
    Diagnosis diagnosis,
    List<Gate> gates,
    List<Cause> causes,
    List<Advice> advice,
    Configuration configuration,
    List<Event> history,
    List<String> missing) {
  /** Exit code of a command about a node that is not warm. */
  public static final int NOT_WARM = 5;

  public Explanation {
    gates = List.copyOf(gates);
    causes = List.copyOf(causes);
    advice = List.copyOf(advice);
    history = List.copyOf(history);
    missing = List.copyOf(missing);
  }

  /**
   * The state of the node.
   *
   * @param warm it carries a mark that is valid for its present boot
   * @param at the time of this answer
   * @param since since when it has been warm, or has waited; empty when not known
   * @param taint its startup taint as {@code key:effect}; empty when it does not carry one
   * @param warmUpPolicy the policy that warms it up; empty without one
   * @param stable for how long all gates must be open; empty without such a wait
   * @param usual how long other nodes of that policy took; empty when not known, or for a warm node
   */
  public record Standing(
      NodePhase phase,
      boolean warm,
      Instant at,
      Optional<Instant> since,
      Optional<String> taint,
      Optional<String> warmUpPolicy,
      Optional<Stability> stable,
      Optional<UsualTime> usual) {
    /** Never negative. */
    public Optional<Duration> age() {
      return since.map(s -> s.isAfter(at) ? Duration.ZERO : Duration.between(s, at));
    }
  }

  /**
   * The last wait of a warm-up.
   *
   * @param begun all gates are open
   * @param since since when they have been open; empty when not known
   */
  public record Stability(Duration wanted, boolean begun, Optional<Instant> since) {}

  /**
   * The answer in one sentence.
   *
   * @param reason CamelCase, that of the condition where there is one
   * @param why one clause without a full stop
   */
  public record Diagnosis(String reason, String why) {}

  /** The states of a gate. */
  public enum GateState {
    OPEN("Open"),
    CLOSED("Closed"),
    UNKNOWN("Unknown"),
    /** It counts as open, because its timeout has passed. */
    RELEASED("Released");

    private final String code;

    GateState(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  /**
   * One gate.
   *
   * @param subject the object that the policy names, empty without one
   * @param since since when it has been in its state; empty when not known
   */
  public record Gate(
      GateKind kind,
      String subject,
      GateState state,
      Optional<Instant> since,
      String detail,
      Optional<Timeout> timeout) {
    /** The field of the policy, and the subject. */
    public String title() {
      return subject.isEmpty() ? kind.field() : kind.field() + " " + subject;
    }
  }

  /** When the timeout of a gate passes, or has passed. */
  public record Timeout(Instant at, boolean releases) {}

  /**
   * An object that a node waits for.
   *
   * @param gate title of its gate
   * @param reason one word, such as {@code CrashLoopBackOff}; may be empty
   * @param message the sentence of the gate
   * @param quote the words of the kubelet or of the container itself; may be empty
   * @param peers other nodes that wait for the same
   */
  public record Cause(
      ObjectRef object, String gate, String reason, String message, String quote, Peers peers) {}

  /** An object of the cluster; the namespace may be empty. */
  public record ObjectRef(String kind, String namespace, String name) {
    @Override
    public String toString() {
      return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
  }

  /**
   * Other nodes that wait for the same object.
   *
   * @param object in words; may differ from that of the cause: a DaemonSet in place of its pod
   * @param nodes their names, sorted
   * @param common the properties that separate all of them, this node included, from the warm nodes
   *     of the policy: words to value, in order
   * @param warm how many warm nodes the policy has
   */
  public record Peers(String object, List<String> nodes, Map<String, String> common, int warm) {
    public Peers {
      nodes = List.copyOf(nodes);
      common = Collections.unmodifiableMap(new LinkedHashMap<>(common));
    }

    /** The properties in one sentence; empty without one. */
    public String inCommon() {
      List<String> all =
          common.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList();
      int last = all.size() - 1;
      return all.isEmpty()
          ? ""
          : "All "
              + (nodes.size() + 1)
              + " have "
              + (last == 0
                  ? all.get(0)
                  : String.join(", ", all.subList(0, last)) + " and " + all.get(last))
              + "; none of the "
              + warm
              + " warm nodes of the policy has "
              + (last == 0 ? "it." : "any of them.");
    }
  }

  /**
   * One step.
   *
   * @param text may be empty with a command
   * @param command a line for the shell; empty without one
   */
  public record Advice(String text, String command) {
    /** A step that a command does. */
    public static Advice command(String text, String command) {
      return new Advice(text, command);
    }

    /** A step without a command. */
    public static Advice text(String text) {
      return new Advice(text, "");
    }
  }

  /**
   * The configuration.
   *
   * @param wanted the version that its policies want; empty without one
   * @param carried the version on the node; empty without one
   * @param applied the version that a node agent has acknowledged; empty without one
   * @param writtenAt when it was last changed; empty when that is not among the last transitions
   * @param epoch leader term of the last write, empty when not recorded
   * @param traceId trace of the last write, empty without one
   * @param sections field to source, in the order of the fields
   * @param rollouts sentences about the rollouts of policies that the node is in
   */
  public record Configuration(
      String wanted,
      String carried,
      String applied,
      Optional<Instant> writtenAt,
      String epoch,
      String traceId,
      Map<String, Source> sections,
      List<String> rollouts) {
    public Configuration {
      rollouts = List.copyOf(rollouts);
    }
  }

  /**
   * The policy of a section.
   *
   * @param over other policies that select the node and set this section, by precedence
   */
  public record Source(String policy, int priority, List<String> over) {
    public Source {
      over = List.copyOf(over);
    }
  }

  /** One transition of the node. */
  public record Event(Instant at, String type, String message) {}

  /** 0 for a warm node, {@link #NOT_WARM} for any other, one without a policy included. */
  public int exitCode() {
    return standing.warm() ? 0 : NOT_WARM;
  }
}
