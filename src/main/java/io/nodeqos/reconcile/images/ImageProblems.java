// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.WriteResult;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What keeps the images of policies from being pulled, as far as this process has found out.
 * Thread-safe.
 */
public final class ImageProblems {
  private final Map<String, Known> byPolicy = new ConcurrentHashMap<>();

  /** What is known of the policy with this uid. */
  private record Known(String uid, Problem problem) {}

  /**
   * Why a policy's images are not pulled.
   *
   * @param reason CamelCase
   * @param message one sentence
   */
  public record Problem(String reason, String message) {
    /** The same, should it name another request or time. */
    private boolean isLike(Problem other) {
      return reason.equals(other.reason)
          && WriteResult.Rejected.shape(message).equals(WriteResult.Rejected.shape(other.message));
    }
  }

  /** Of a policy's status; empty when nothing is wrong. */
  public Optional<Problem> of(PolicyObject.Meta policy) {
    return Optional.ofNullable(byPolicy.get(policy.name()))
        .filter(known -> known.uid().equals(policy.uid()))
        .map(Known::problem);
  }

  /** Returns true when that is news. */
  boolean found(PolicyObject.Meta policy, Problem problem) {
    boolean isNews = of(policy).filter(problem::isLike).isEmpty();
    if (isNews) {
      byPolicy.put(policy.name(), new Known(policy.uid(), problem));
    }
    return isNews;
  }

  /** Returns true when there had been one. */
  boolean solved(String policy) {
    return byPolicy.remove(policy) != null;
  }
}
