// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.plan;

import io.nodeqos.node.Reason;
import java.util.Comparator;

/**
 * The cause for which a node is frozen: the controller writes nothing to it, and it is counted by
 * the state that it carries.
 *
 * @param policy the policy that causes it, empty with {@link Cause#DELETING}
 * @param current the node carries the configuration that its policies want now
 */
public record Freeze(Cause cause, String policy, boolean current) implements Comparable<Freeze> {
  private static final Comparator<Freeze> ORDER =
      Comparator.comparing(Freeze::cause)
          .thenComparing(Freeze::policy)
          .thenComparing(Freeze::current);

  /** The kinds of causes. */
  public enum Cause {
    /** A policy that it takes a section from is suspended. */
    SUSPENDED("Suspended"),
    /** Only a policy without a known valid version has configured the node. */
    INVALID("Invalid"),
    /** The node itself is being deleted. */
    DELETING("Deleting");

    private final String code;

    Cause(String code) {
      this.code = code;
    }

    /** CamelCase, shown in place of a {@link Reason}. */
    public String code() {
      return code;
    }
  }

  /** The same cause, independent of the state of the node. */
  public Freeze regardless() {
    return new Freeze(cause, policy, true);
  }

  /** One sentence, about one node. */
  public String message() {
    return switch (cause) {
      case SUSPENDED -> "Policy " + policy + " is suspended.";
      case INVALID -> "Policy " + policy + " is invalid. The node stays as it is.";
      case DELETING -> "The node is being deleted.";
    };
  }

  /** A clause, about any number of nodes. */
  public String clause() {
    return switch (cause) {
      case SUSPENDED -> "policy " + policy + " is suspended";
      case INVALID -> "policy " + policy + " is invalid and no valid version of it is known";
      case DELETING -> "a node that is being deleted stays as it is";
    };
  }

  @Override
  public int compareTo(Freeze other) {
    return ORDER.compare(this, other);
  }
}
