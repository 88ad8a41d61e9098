// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import io.nodeqos.policy.NodeQoSPolicy;
import java.util.Optional;

/** Computes the DaemonSet that a policy should have from the settings. Thread-safe. */
public final class SpinnerSpecs {
  private final SpinnerSettings settings;
  private final String namespace;

  /**
   * @param namespace of the DaemonSets, the controller's own
   */
  public SpinnerSpecs(SpinnerSettings settings, String namespace) {
    this.settings = settings;
    this.namespace = namespace;
  }

  /** False when no policy gets a DaemonSet. */
  boolean isEnabled() {
    return settings.enabled();
  }

  /** Empty when the policy has no images to pull. */
  Optional<SpinnerSpec> of(NodeQoSPolicy policy) {
    return SpinnerSpec.of(policy, settings, namespace);
  }

  /** Identifies the DaemonSet of the policy; empty when it has no images to pull. */
  public Optional<String> hash(NodeQoSPolicy policy) {
    return of(policy).map(SpinnerSpec::hash);
  }

  /** So many nodes pull at a time. */
  public int pullsAtATime() {
    return settings.maxConcurrentPulls();
  }

  /** The name of the DaemonSet of a policy. */
  public String name(String policy) {
    return SpinnerSpec.name(policy, settings);
  }
}
