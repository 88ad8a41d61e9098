// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import io.nodeqos.node.SpinnerKey;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyRollout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    return of(policy, Optional.empty());
  }

  private Optional<SpinnerSpec> of(NodeQoSPolicy version, Optional<PolicyRollout> rollout) {
    return version
        .spec()
        .sections()
        .images()
        .filter(images -> settings.enabled() && !images.pulled().isEmpty())
        .map(
            images ->
                SpinnerSpec.of(
                    version,
                    images,
                    SpinnerKeys.of(version.name(), images, rollout),
                    settings,
                    namespace));
  }

  /**
   * The DaemonSets of a policy, each with another name.
   *
   * @param followed the versions that nodes follow
   */
  List<SpinnerSpec> of(List<NodeQoSPolicy> followed, Optional<PolicyRollout> rollout) {
    Map<String, SpinnerSpec> byName = new LinkedHashMap<>();
    followed.stream()
        .flatMap(version -> of(version, rollout).stream())
        .forEach(spec -> byName.putIfAbsent(spec.name(), spec));
    return List.copyOf(byName.values());
  }

  /** Identifies the usual DaemonSet of the policy; empty when it has no images to pull. */
  public Optional<String> hash(NodeQoSPolicy policy) {
    return of(policy).map(SpinnerSpec::hash);
  }

  /** So many nodes pull at a time. */
  public int pullsAtATime() {
    return settings.maxConcurrentPulls();
  }

  /** The name of the usual DaemonSet of a policy. */
  public String name(String policy) {
    return SpinnerSpec.name(SpinnerKey.usual(policy), settings);
  }
}
