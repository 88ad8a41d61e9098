// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides from a kubelet's version and operating system whether it supports image volumes
 * (KEP-4639). They came with 1.31 behind the feature gate ImageVolume; the gate is on by default
 * since 1.35 and cannot be switched off since 1.36. Between these versions only a pull shows it.
 * Windows supports neither image volumes nor the read-only root of a <i>restricted</i> pod.
 */
public final class KubeletVersion {
  private static final int FIRST_MINOR = 31;
  private static final Pattern VERSION = Pattern.compile("v?1\\.(\\d{1,4})(\\D.*)?");

  /** Every kubelet sets this label of its node to its operating system. */
  private static final String OS = "kubernetes.io/os";

  private KubeletVersion() {}

  /**
   * A clause that gives the reason when the node's kubelet certainly does not support image
   * volumes; else empty.
   */
  public static Optional<String> whyNoImageVolumes(NodeView node) {
    if ("windows".equals(node.labels().get(OS))) {
      return Optional.of("the node runs Windows, which does not support image volumes");
    }
    String version = node.status().kubeletVersion();
    Matcher matcher = VERSION.matcher(version);
    return matcher.matches() && Integer.parseInt(matcher.group(1)) < FIRST_MINOR
        ? Optional.of(
            "the kubelet is " + version + ", but image volumes require Kubernetes 1." + FIRST_MINOR)
        : Optional.empty();
  }
}
