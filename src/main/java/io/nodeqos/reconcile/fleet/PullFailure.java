// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import io.nodeqos.gate.BootEvidence;
import io.nodeqos.gate.ImageEvidence;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.spec.PolicySpec.Images;
import io.nodeqos.policy.spec.Section;
import java.util.Optional;

/**
 * A node, warm or not, on which an image of a policy cannot be pulled. It lasts until the images
 * are there or the policy wants others: between two tries of the kubelet, and while another node
 * has its turn, the image is still missing.
 *
 * @param pullVersion version of the policy's images
 * @param pod namespace/name of the pod that reported it last
 * @param words the first message of the kubelet; later messages alternate between two wordings
 */
public record PullFailure(String policy, String pullVersion, String pod, String words) {
  private static final int MAX_WORDS_LENGTH = 400;

  /** The failure to report of a node now, given the failure reported before. Pure. */
  public static Optional<PullFailure> next(
      Optional<PullFailure> before,
      BootEvidence boot,
      ReservedState reserved,
      CompiledConfig config) {
    if (before.isEmpty() && reserved.pulls().pods().isEmpty()) {
      return Optional.empty();
    }
    Optional<ImageEvidence> evidence =
        ImageEvidence.of(boot, reserved, config).filter(ImageEvidence::wantsPull);
    if (evidence.isEmpty()) {
      return Optional.empty();
    }
    String policy = config.sources().get(Section.IMAGES);
    String version = config.sections().images().map(Images::pullVersion).orElse("");
    Optional<PullFailure> known =
        before.filter(f -> f.policy.equals(policy) && f.pullVersion.equals(version));
    return evidence
        .get()
        .failing()
        .filter(pod -> pod.pullVersion().equals(version))
        .map(pod -> of(pod, known))
        .or(() -> known);
  }

  private static PullFailure of(SpinnerPod pod, Optional<PullFailure> known) {
    String name = pod.meta().toString();
    return known
        .filter(f -> f.pod.equals(name))
        .orElseGet(() -> new PullFailure(pod.policy(), pod.pullVersion(), name, words(pod)));
  }

  private static String words(SpinnerPod pod) {
    String message = pod.waiting().message();
    String all = pod.waiting().reason() + (message.isEmpty() ? "" : ": " + message);
    return all.length() <= MAX_WORDS_LENGTH ? all : all.substring(0, MAX_WORDS_LENGTH) + "…";
  }
}
