// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.plan;

import io.nodeqos.node.Reason;
import java.util.Comparator;

/**
 * Why a node is kept as it is: nothing is written to it, and it goes on counting as what it
 * carries.
 *
 * @param policy of which it is a consequence, empty with {@link Cause#DELETING}
 * @param current the node carries the configuration that its policies want now
 */
public record Freeze(Cause cause, String policy, boolean current) implements Comparable<Freeze> {
  private static final Comparator<Freeze> ORDER =
      Comparator.comparing(Freeze::cause)
          .thenComparing(Freeze::policy)
          .thenComparing(Freeze::current);

  /** What keeps it. */
  public enum Cause {
    /** A policy that it takes a section from is suspended. */
    SUSPENDED("Suspended"),
    /** Nobody but a policy of which no valid version is known has configured the node. */
    INVALID("Invalid"),
    /** The node itself is being deleted. */
    DELETING("Deleting");

    private final String code;

    Cause(String code) {
      this.code = code;
    }

    /** CamelCase, for the same place as a {@link Reason}. */
    public String code() {
      return code;
    }
  }

  /** The same cause, whatever the node carries. */
  public Freeze regardless() {
    return new Freeze(cause, policy, true);
  }

  /** One sentence, of one node. */
  public String message() {
    return switch (cause) {
      case SUSPENDED -> "Policy " + policy + " is suspended.";
      case INVALID -> "Policy " + policy + " is invalid; the node keeps what it has.";
      case DELETING -> "The node is being deleted.";
    };
  }

  /** A clause, of any number of nodes. */
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
