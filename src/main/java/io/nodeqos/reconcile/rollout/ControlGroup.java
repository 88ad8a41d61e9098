// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

/**
 * Compares the failed nodes on the target revision with those of the control group, which are the
 * nodes that do not have it.
 *
 * @param nodes the nodes on the target revision
 * @param failed how many of them have failed
 * @param control the control group
 * @param controlFailed how many of it have failed in the same time
 */
record ControlGroup(int nodes, int failed, int control, int controlFailed) {
  /**
   * If the target revision changed nothing, as many failures as these or more would come about with
   * this probability in one of twenty rollouts.
   */
  private static final double SIGNIFICANCE = 0.05;

  /**
   * True when the failures may be the cluster's: the nodes of the control group fail at a rate at
   * which these failures are no surprise (one-sided exact binomial test). Without a failed node in
   * the control group, the revision is to blame.
   */
  boolean failsAlike() {
    return controlFailed > 0 && failed > 0 && tail((double) controlFailed / control) > SIGNIFICANCE;
  }

  /** The probability of {@code failed} or more failures among {@code nodes}. */
  private double tail(double rate) {
    if (rate >= 1) {
      return 1;
    }
    double below = 0;
    double logTerm = nodes * Math.log1p(-rate);
    double logOdds = Math.log(rate) - Math.log1p(-rate);
    for (int k = 0; k < failed; k++) {
      below += Math.exp(logTerm);
      logTerm += Math.log(nodes - k) - Math.log(k + 1) + logOdds;
    }
    return 1 - below;
  }
}
