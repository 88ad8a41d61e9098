// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.warning;

import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A consequence of policies that an operator should know before they are applied.
 *
 * @param code stable, for programs
 * @param policy the name of the policy; empty when it is of none
 * @param subject distinguishes warnings with one code about one policy: a gate, a section, a
 *     resource
 * @param nodes the nodes that it is about, in order
 * @param message one or more full sentences
 * @param details one for each node or object; may be empty
 */
public record Warning(
    Code code,
    String policy,
    String subject,
    List<String> nodes,
    String message,
    List<Detail> details) {

  /**
   * One case of a warning.
   *
   * @param text a clause
   * @param objects that it is about, as {@code namespace/name}
   */
  public record Detail(String text, List<String> objects) {
    public Detail {
      objects = List.copyOf(objects);
    }

    /** In one line, with so many objects at most. */
    public String line(int most) {
      String first = objects.stream().limit(most).collect(Collectors.joining(", "));
      return text
          + " ("
          + first
          + (objects.size() > most ? ", " + (objects.size() - most) + " more)" : ")");
    }
  }

  /** The kinds of warnings, in the order of a report. */
  public enum Code {
    /** An extended resource falls below the requests of running pods. */
    RESOURCE_BELOW_REQUESTS("ResourceBelowRequests"),
    /** Nothing in the cluster can open a gate. */
    GATE_CANNOT_OPEN("GateCannotOpen"),
    /** A gate waits for a DaemonSet that the startup taint keeps off. */
    DAEMON_SET_KEPT_OFF("DaemonSetKeptOff"),
    /** Nodes keep a startup taint that no policy removes any more. */
    TAINT_LEFT_BEHIND("TaintLeftBehind"),
    /** Nodes cannot be configured, mostly because a reservation is larger than they are. */
    NOT_CONFIGURED("NotConfigured"),
    /** A policy selects no node. */
    SELECTS_NOTHING("SelectsNothing"),
    /** Other policies win a section on each node that the policy selects. */
    NEVER_WINS("NeverWins"),
    /** The provisioner of the nodes takes the startup taint for a permanent one. */
    TAINT_NOT_TEMPORARY("TaintNotTemporary");

    private final String text;

    Code(String text) {
      this.text = text;
    }

    /** CamelCase. */
    public String text() {
      return text;
    }
  }

  public Warning {
    nodes = List.copyOf(nodes);
    details = List.copyOf(details);
  }

  /** A warning without details. */
  static Warning of(Code code, String policy, String subject, List<String> nodes, String message) {
    return new Warning(code, policy, subject, nodes, message, List.of());
  }

  /** True when the other one says as much already. */
  boolean isCoveredBy(Warning other) {
    return code == other.code
        && policy.equals(other.policy)
        && subject.equals(other.subject)
        && new HashSet<>(other.nodes).containsAll(nodes);
  }
}
