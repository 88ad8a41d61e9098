// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.rollout;

import java.util.Optional;

/**
 * The request of an operator, in the annotation {@code nodeqos.io/rollout} of a policy: {@code
 * promote=<revision>/<step>} or {@code retry=<revision>}. A request for another revision than the
 * target has no effect: the operator has not seen the present one.
 *
 * @param text as written
 */
public record RolloutRequest(String text) {
  public static final RolloutRequest NONE = new RolloutRequest("");
  private static final String PROMOTE = "promote=";
  private static final String RETRY = "retry=";

  /** The request to go on after the steps up to this one, which counts from 1. */
  public static RolloutRequest promote(String revision, int step) {
    return new RolloutRequest(PROMOTE + revision + "/" + step);
  }

  /** The request to try a revision again that was rolled back. */
  public static RolloutRequest retry(String revision) {
    return new RolloutRequest(RETRY + revision);
  }

  /** The step that is promoted for this revision; empty when the request is another one. */
  public Optional<Integer> promotedStep(String revision) {
    String start = PROMOTE + revision + "/";
    if (!text.startsWith(start)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Integer.parseInt(text.substring(start.length()))).filter(s -> s > 0);
    } catch (NumberFormatException noStep) {
      return Optional.empty();
    }
  }

  /** True for a request to try this revision again. */
  public boolean retries(String revision) {
    return text.equals(RETRY + revision);
  }
}
