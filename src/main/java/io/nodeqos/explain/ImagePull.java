// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.answer.Explanation.Advice;
import io.nodeqos.explain.fleet.NodeFacts;
import io.nodeqos.gate.Blocker;
import io.nodeqos.gate.BootEvidence;
import io.nodeqos.gate.ImageEvidence;
import io.nodeqos.node.Keys;
import io.nodeqos.node.SpinnerKey;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.policy.spec.PolicySpec.Pull;
import io.nodeqos.policy.spec.Section;
import java.util.List;
import java.util.Optional;

/** The state of the image pulls on a node, and the next steps for a missing image. */
final class ImagePull {
  private final NodeFacts facts;
  private final String policy;
  private final Optional<ImageEvidence> evidence;

  private ImagePull(NodeFacts facts, String policy, Optional<ImageEvidence> evidence) {
    this.facts = facts;
    this.policy = policy;
    this.evidence = evidence;
  }

  static ImagePull of(NodeFacts facts) {
    return new ImagePull(
        facts,
        facts.config().sources().getOrDefault(Section.IMAGES, ""),
        ImageEvidence.of(
            new BootEvidence(facts.node(), facts.seen().memory().boot(), facts.seen().now()),
            facts.seen().reserved(),
            facts.config()));
  }

  /** The pod that cannot pull an image of the policy. */
  Optional<SpinnerPod> failing(Blocker blocker) {
    return isPulled(blocker) ? evidence.flatMap(ImageEvidence::failing) : Optional.empty();
  }

  /** A clause about a pull that does not fail, with what comes before it. */
  String state(Blocker blocker) {
    if (!isPulled(blocker)) {
      return ", and the policy has pull: Never for it";
    }
    if (isUnsupported()) {
      return "";
    }
    if (evidence.filter(e -> !e.pods().isEmpty()).isPresent()) {
      return ", and is being pulled";
    }
    String label = facts.node().labels().get(Keys.IMAGES);
    return label != null && SpinnerKey.of(label).policy().equals(policy)
        ? ", and the pod that pulls it is not there yet"
        : ", and the node waits for its turn to pull it";
  }

  List<Advice> steps(Blocker blocker) {
    String node = facts.node().name();
    if (!isPulled(blocker)) {
      return List.of(
          Advice.command(
              "put it into the machine image, or let the policy pull it; the node lists",
              "kubectl get node " + node + " -o jsonpath='{.status.images[*].names}'"));
    }
    if (isUnsupported()) {
      return List.of(
          Advice.command(
              "enable the feature gate ImageVolume of the API server and of the kubelet, or put the"
                  + " image into the machine image and set pull: Never for it",
              "kubectl edit nqp " + policy));
    }
    return failing(blocker)
        .map(SpinnerPod::meta)
        .map(
            pod ->
                List.of(
                    Advice.command(
                        "see the error of the pull",
                        "kubectl -n " + pod.namespace() + " describe pod " + pod.name())))
        .orElseGet(
            () ->
                List.of(
                    Advice.command(
                        "see the pods that pull the images of the policy",
                        "kubectl get pods -A -o wide -l " + Keys.SPINNER + "=" + policy)));
  }

  private boolean isUnsupported() {
    return evidence.flatMap(ImageEvidence::unsupported).isPresent();
  }

  /** Not one that must be there before: {@code pull: Never}. */
  private boolean isPulled(Blocker blocker) {
    return evidence.stream()
        .flatMap(e -> e.missing().stream())
        .filter(image -> image.ref().equals(blocker.object()))
        .noneMatch(image -> image.pull() == Pull.NEVER);
  }
}
