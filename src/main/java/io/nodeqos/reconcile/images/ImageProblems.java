// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.WriteResult;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The known problems that keep the images of policies from being pulled. Thread-safe. */
public final class ImageProblems {
  private final Map<String, Known> byPolicy = new ConcurrentHashMap<>();

  /** The known problem of the policy with this uid. */
  private record Known(String uid, Problem problem) {}

  /**
   * The cause for which a policy's images are not pulled.
   *
   * @param reason CamelCase
   * @param message one sentence
   */
  public record Problem(String reason, String message) {
    /** The same problem, even with another request id or time in its text. */
    private boolean isLike(Problem other) {
      return reason.equals(other.reason)
          && WriteResult.Rejected.shape(message).equals(WriteResult.Rejected.shape(other.message));
    }
  }

  /** The problem for a policy's status; empty without one. */
  public Optional<Problem> of(PolicyObject.Meta policy) {
    return Optional.ofNullable(byPolicy.get(policy.name()))
        .filter(known -> known.uid().equals(policy.uid()))
        .map(Known::problem);
  }

  /** Returns true when the problem is new. */
  boolean found(PolicyObject.Meta policy, Problem problem) {
    boolean isNews = of(policy).filter(problem::isLike).isEmpty();
    if (isNews) {
      byPolicy.put(policy.name(), new Known(policy.uid(), problem));
    }
    return isNews;
  }

  /** Returns true when there was a problem. */
  boolean solved(String policy) {
    return byPolicy.remove(policy) != null;
  }
}
