// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * One version of the Lease ({@code coordination.k8s.io/v1}), as far as the election needs it.
 *
 * @param resourceVersion of this version; null in a state that is to be created
 * @param spec the fields of {@code spec}
 * @param document the whole object as the store read it, opaque here: an update hands it back, so
 *     that labels and unknown fields survive our PUT; null when there is none
 */
public record LeaseState(String resourceVersion, Spec spec, String document) {

  public LeaseState {
    Objects.requireNonNull(spec, "spec");
  }

  /**
   * The fields of {@code spec} that we know. Each may be unset: a Lease made by a manifest is
   * empty.
   *
   * @param holder {@code holderIdentity}; null without a holder (an empty string becomes null)
   * @param leaseDuration {@code leaseDurationSeconds}, whole seconds; null when unset
   * @param acquireTime null when unset
   * @param renewTime null when unset
   * @param transitions {@code leaseTransitions}, 0 when unset
   */
  public record Spec(
      String holder,
      Duration leaseDuration,
      Instant acquireTime,
      Instant renewTime,
      long transitions) {

    public Spec {
      holder = holder == null || holder.isEmpty() ? null : holder;
    }

    /** The {@code spec} of a Lease that was created without fields. */
    public static Spec empty() {
      return new Spec(null, null, null, null, 0);
    }
  }

  /** The same object with other fields: keeps the resourceVersion as the precondition of a PUT. */
  public LeaseState with(Spec newSpec) {
    return new LeaseState(resourceVersion, newSpec, document);
  }

  /** A Lease that does not exist yet. */
  public static LeaseState toCreate(Spec spec) {
    return new LeaseState(null, spec, null);
  }

  /** {@code holderIdentity}; null without a holder. */
  public String holder() {
    return spec.holder();
  }

  public boolean heldBy(String identity) {
    return identity.equals(spec.holder());
  }
}
