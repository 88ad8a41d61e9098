// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.Section;
import io.nodeqos.reconcile.plan.ImagePuller;
import java.util.Optional;

/** Looks up the DaemonSet that pulls the images of a node's policies. Thread-safe. */
public final class ImagePullers {
  private final SpinnerSettings settings;
  private final SpinnerView spinners;

  public ImagePullers(SpinnerSettings settings, SpinnerView spinners) {
    this.settings = settings;
    this.spinners = spinners;
  }

  public ImagePuller of(CompiledConfig config) {
    return settings.enabled()
        ? new ImagePuller(
            true,
            Optional.ofNullable(config.sources().get(Section.IMAGES))
                .flatMap(policy -> spinners.spinner(SpinnerSpec.name(policy, settings)))
                .filter(spinner -> !spinner.deleting()))
        : ImagePuller.OFF;
  }
}
