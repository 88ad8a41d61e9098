// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.ImageName;
import io.nodeqos.node.ImagePulls;
import io.nodeqos.node.Keys;
import io.nodeqos.node.KubeletVersion;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.spec.PolicySpec.Image;
import io.nodeqos.policy.spec.PolicySpec.Images;
import io.nodeqos.policy.spec.PolicySpec.Pull;
import io.nodeqos.policy.spec.Section;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The evidence that the images of a node's policy are on the node. An image is there when one of
 * these holds:
 *
 * <ul>
 *   <li>the node's status lists it, by tag or by digest
 *   <li>a container of a pod on the node has started with it (the pod's spec alone proves nothing)
 *   <li>a spinner pod that mounts these images is Ready there
 *   <li>the node's annotation {@link Keys#IMAGES_PRESENT} records that one of these held, on this
 *       boot and for these images
 * </ul>
 *
 * <p>The evidence of a pod must belong to the present boot of the node, see {@link BootEvidence}.
 *
 * <p>The first two do not count for an image with {@code pull: Always}. The last two do not count
 * for an image with {@code pull: Never}, which no spinner pod mounts.
 *
 * @param missing the images without any evidence
 * @param proof the value of the annotation when all pulled images are there
 * @param pods spinner pods of this policy on the node, with its present images or with others
 * @param unsupported why images cannot be pulled on the node, a clause; empty when they can
 */
public record ImageEvidence(
    List<Image> missing, String proof, List<SpinnerPod> pods, Optional<String> unsupported) {

  /** Empty when no policy wants images on the node. */
  public static Optional<ImageEvidence> of(
      BootEvidence boot, ReservedState reserved, CompiledConfig config) {
    return config
        .sections()
        .images()
        .map(images -> of(boot, reserved, images, config.sources().get(Section.IMAGES)));
  }

  private static ImageEvidence of(
      BootEvidence boot, ReservedState reserved, Images images, String policy) {
    NodeView node = boot.node();
    ImagePulls pulls = reserved.pulls();
    List<SpinnerPod> pods =
        pulls.pods().stream().filter(p -> p.policy().equals(policy) && !p.deleting()).toList();
    String version = images.pullVersion();
    List<String> pulledRefs = images.pulled().stream().map(Image::ref).toList();
    String proof = version + "/" + node.incarnation();
    boolean pulled =
        proof.equals(node.annotations().get(Keys.IMAGES_PRESENT))
            || pods.stream().filter(boot::counts).anyMatch(p -> p.proves(pulledRefs, version));
    Set<String> unseen =
        new HashSet<>(
            ImageName.missing(
                images.refs(), node, reserved.pods().stream().filter(boot::counts).toList()));
    return new ImageEvidence(
        images.images().stream().filter(i -> !isThere(i, pulled, unseen)).toList(),
        proof,
        pods,
        pulls.unsupported().or(() -> KubeletVersion.whyNoImageVolumes(node)));
  }

  private static boolean isThere(Image image, boolean pulled, Set<String> unseen) {
    return switch (image.pull()) {
      case IF_NOT_PRESENT -> pulled || !unseen.contains(image.ref());
      case ALWAYS -> pulled;
      case NEVER -> !unseen.contains(image.ref());
    };
  }

  /** True when a spinner pod has something to pull. */
  public boolean wantsPull() {
    return missing.stream().anyMatch(image -> image.pull() != Pull.NEVER);
  }

  /** The pod that reports a failed image pull, if there is one. */
  public Optional<SpinnerPod> failing() {
    return pods.stream().filter(p -> !p.ready() && p.waiting().isForImage()).findFirst();
  }
}
