// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

/**
 * Whether a stored version of a policy was completed once: whether it became the stable one. Its
 * ControllerRevision says it, so that it is known without the status of the policy.
 */
public enum Completion {
  COMPLETED("true"),
  PENDING("false"),
  /** An earlier version of this controller has stored it. */
  UNKNOWN("");

  private final String label;

  Completion(String label) {
    this.label = label;
  }

  /** Of the value of {@link io.nodeqos.node.Keys#COMPLETED}; anything else tells nothing. */
  public static Completion of(String label) {
    return label.equals(COMPLETED.label)
        ? COMPLETED
        : label.equals(PENDING.label) ? PENDING : UNKNOWN;
  }

  /** The value of the label; empty for none. */
  public String label() {
    return label;
  }
}
