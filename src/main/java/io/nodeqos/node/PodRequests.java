// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.util.List;

/**
 * What a pod requests in the eyes of the scheduler (KEP-753 sidecar rule, KEP-2837 pod-level
 * resources): the larger of the sum of its containers and of the peak while it initialises, plus
 * the overhead of its runtime class.
 */
public final class PodRequests {
  private PodRequests() {}

  /**
   * One init container.
   *
   * @param sidecar true for {@code restartPolicy: Always}: it goes on running beside the containers
   */
  public record InitContainer(Resources requests, boolean sidecar) {}

  /**
   * Computes the effective request.
   *
   * @param initContainers in the order of the pod's spec, which the rule depends on
   */
  public static Resources effective(
      List<InitContainer> initContainers, List<Resources> containers, Resources overhead) {
    Resources running = Resources.NONE;
    for (Resources container : containers) {
      running = running.plus(container);
    }
    Resources sidecars = Resources.NONE;
    Resources peak = Resources.NONE;
    for (InitContainer init : initContainers) {
      if (init.sidecar()) {
        sidecars = sidecars.plus(init.requests());
        peak = peak.max(sidecars);
      } else {
        peak = peak.max(sidecars.plus(init.requests()));
      }
    }
    return running.plus(sidecars).max(peak).plus(overhead);
  }
}
