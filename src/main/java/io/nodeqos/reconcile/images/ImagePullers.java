// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import io.nodeqos.node.SpinnerKey;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.PolicySnapshot;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.reconcile.plan.ImagePuller;

/** The DaemonSet that pulls the images of a node's configuration. */
public final class ImagePullers {
  private final SpinnerSettings settings;
  private final SpinnerView spinners;

  public ImagePullers(SpinnerSettings settings, SpinnerView spinners) {
    this.settings = settings;
    this.spinners = spinners;
  }

  /** The puller of a node with this configuration. */
  public ImagePuller of(PolicySnapshot policies, CompiledConfig config) {
    String policy = config.sources().get(Section.IMAGES);
    if (!settings.enabled() || policy == null) {
      return new ImagePuller(
          settings.enabled(), ImagePuller.OFF.key(), ImagePuller.OFF.daemonSet());
    }
    SpinnerKey key =
        config
            .sections()
            .images()
            .map(images -> SpinnerKeys.of(policy, images, policies.rollout(policy)))
            .orElseGet(() -> SpinnerKey.usual(policy));
    return new ImagePuller(
        true,
        key,
        spinners.spinner(SpinnerSpec.name(key, settings)).filter(spinner -> !spinner.deleting()));
  }
}
