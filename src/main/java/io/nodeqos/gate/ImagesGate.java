// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.Reason;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.policy.spec.PolicySpec.Image;
import io.nodeqos.policy.spec.PolicySpec.Pull;
import java.util.Optional;

/** Opens when each image of the policy's section images is proved to be on the node. */
record ImagesGate() implements Gate {
  @Override
  public GateResult check(GateInput input) {
    return ImageEvidence.of(input.boot(), input.reserved(), input.config())
        .map(evidence -> result(evidence, input))
        .orElse(GateResult.OPEN);
  }

  private static GateResult result(ImageEvidence evidence, GateInput input) {
    Reason reason =
        evidence.wantsPull() && evidence.unsupported().isPresent()
            ? Reason.IMAGE_WARM_UP_UNSUPPORTED
            : Reason.IMAGES_MISSING;
    return GateResult.waiting(
        reason,
        evidence.missing().stream()
            .map(image -> new Blocker(text(image, evidence), image.ref(), input.since()))
            .toList());
  }

  private static String text(Image image, ImageEvidence evidence) {
    String missing = "image " + image.ref() + " is missing";
    if (image.pull() == Pull.NEVER) {
      return missing;
    }
    if (evidence.unsupported().isPresent()) {
      return missing + " and cannot be pulled: " + evidence.unsupported().get();
    }
    Optional<SpinnerPod> failing = evidence.failing();
    if (failing.isEmpty()) {
      return missing;
    }
    // The kubelet reports one image at a time; its reason alternates between two words.
    SpinnerPod pod = failing.get();
    if (names(pod, image)) {
      return "image " + image.ref() + " cannot be pulled, see pod " + pod.meta();
    }
    return evidence.missing().stream().anyMatch(other -> names(pod, other))
        ? missing
        : missing + ", see pod " + pod.meta();
  }

  /** True when the kubelet's message names this image, and not one with a longer name. */
  private static boolean names(SpinnerPod pod, Image image) {
    String words = pod.waiting().message();
    int end = words.indexOf(image.ref()) + image.ref().length();
    return words.contains(image.ref())
        && (end == words.length() || "\"' ,;:".indexOf(words.charAt(end)) >= 0);
  }
}
