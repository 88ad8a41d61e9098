// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a kubelet's version and system tell. Image volumes (KEP-4639) came with 1.31 behind the
 * feature gate ImageVolume; the gate is on by default since 1.35 and cannot be switched off since
 * 1.36. In between the version does not tell, and a pull shows. On Windows there are none, nor the
 * read-only root of a <i>restricted</i> pod.
 */
public final class KubeletVersion {
  private static final int FIRST_MINOR = 31;
  private static final Pattern VERSION = Pattern.compile("v?1\\.(\\d{1,4})(\\D.*)?");

  /** Every kubelet keeps this label of its node as its system is. */
  private static final String OS = "kubernetes.io/os";

  private KubeletVersion() {}

  /** A clause that says why the node's kubelet certainly has no image volumes; else empty. */
  public static Optional<String> whyNoImageVolumes(NodeView node) {
    if ("windows".equals(node.labels().get(OS))) {
      return Optional.of("the node runs Windows, which has no image volumes");
    }
    String version = node.status().kubeletVersion();
    Matcher matcher = VERSION.matcher(version);
    return matcher.matches() && Integer.parseInt(matcher.group(1)) < FIRST_MINOR
        ? Optional.of(
            "the kubelet is "
                + version
                + ", and image volumes came with Kubernetes 1."
                + FIRST_MINOR)
        : Optional.empty();
  }
}
