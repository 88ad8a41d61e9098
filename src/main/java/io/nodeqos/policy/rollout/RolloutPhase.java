// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.rollout;

/** The phase of a rollout. */
public enum RolloutPhase {
  /** Nodes get the target revision, or have to become healthy with it. */
  PROGRESSING("Progressing"),
  /** All nodes of the step are healthy, and must stay so for a while. */
  SOAKING("Soaking"),
  /** It waits for a person, or for the end of a trouble that is not the revision's. */
  PAUSED("Paused"),
  /** Nodes get the stable revision back. */
  ROLLING_BACK("RollingBack"),
  /**
   * All nodes carry the stable revision again, except frozen ones and those of which the API server
   * refuses the writes: they get it later.
   */
  ROLLED_BACK("RolledBack"),
  /** The stable revision is that of the spec. */
  COMPLETE("Complete");

  private final String text;

  RolloutPhase(String text) {
    this.text = text;
  }

  /** As in {@code status.rollout.phase}. */
  public String text() {
    return text;
  }

  /** True while nodes may get another revision. */
  public boolean isUnderWay() {
    return this != ROLLED_BACK && this != COMPLETE;
  }

  /** True for both phases of a rollback. */
  public boolean isBack() {
    return this == ROLLING_BACK || this == ROLLED_BACK;
  }
}
