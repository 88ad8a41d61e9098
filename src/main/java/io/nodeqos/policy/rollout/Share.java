// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.rollout;

/**
 * A number of nodes, or a percentage of them.
 *
 * @param value the number, or the percentage from 0 to 100
 */
public record Share(int value, boolean isPercentage) {
  public static final Share NONE = new Share(0, false);
  public static final Share ALL = new Share(100, true);

  /** The share of this many nodes, rounded up; never more than all of them. */
  public int ceilingOf(int nodes) {
    return isPercentage ? (int) ((long) nodes * value + 99) / 100 : Math.min(value, nodes);
  }

  /** The share of this many nodes, rounded down. */
  public int floorOf(int nodes) {
    return isPercentage ? (int) ((long) nodes * value / 100) : value;
  }

  /** As a policy writes it: {@code 5} or {@code 10%}. */
  public String text() {
    return isPercentage ? value + "%" : Integer.toString(value);
  }
}
