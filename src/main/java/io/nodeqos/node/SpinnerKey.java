// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

/**
 * Tells the spinner DaemonSets of a policy apart: the value of the labels {@link Keys#SPINNER} and
 * {@link Keys#IMAGES}. A policy has one DaemonSet; while a rollout changes its images, the nodes on
 * the target revision have a second one.
 *
 * @param images identifies the images of the second one; empty for the usual one
 */
public record SpinnerKey(String policy, String images) {
  /** The name of a policy has no such character. */
  private static final char SEPARATOR = '.';

  /** The key of the usual DaemonSet of a policy. */
  public static SpinnerKey usual(String policy) {
    return new SpinnerKey(policy, "");
  }

  /** From the value of a label. */
  public static SpinnerKey of(String label) {
    int end = label.indexOf(SEPARATOR);
    return end < 0
        ? usual(label)
        : new SpinnerKey(label.substring(0, end), label.substring(end + 1));
  }

  public boolean isUsual() {
    return images.isEmpty();
  }

  /** The value of a label, and the end of the name of the DaemonSet. */
  public String text() {
    return isUsual() ? policy : policy + SEPARATOR + images;
  }
}
