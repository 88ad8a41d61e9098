// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.time.Instant;
import java.util.Collection;
import java.util.Set;

/**
 * A pod of a policy's spinner DaemonSet: it mounts the policy's images as volumes, so that the
 * kubelet pulls them, and does not run them.
 *
 * @param nodeName empty while unscheduled
 * @param policy the policy whose images it pulls
 * @param pullVersion identifies the images and their pull policy, see {@link Keys#IMAGES_PRESENT}
 * @param images references of its image volumes
 * @param state whether it is Ready: then the container runs, so all of its volumes are there. A pod
 *     that is being deleted is no proof
 * @param waiting why its container does not run
 */
public record SpinnerPod(
    Meta meta,
    String nodeName,
    String policy,
    String pullVersion,
    Set<String> images,
    PodView.State state,
    Waiting waiting) {

  public boolean ready() {
    return state.ready();
  }

  public boolean deleting() {
    return state.deleting();
  }

  /** True when it proves that these images, with this pull version, are on its node. */
  public boolean proves(Collection<String> refs, String version) {
    return ready() && !deleting() && pullVersion.equals(version) && images.containsAll(refs);
  }

  /** Identity of a pod. */
  public record Meta(String namespace, String name, String uid, Instant createdAt) {
    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }

  /**
   * The state waiting of a container, as the kubelet reports it.
   *
   * @param reason such as {@code ImagePullBackOff}; empty when it does not wait
   */
  public record Waiting(String reason, String message) {
    public static final Waiting NONE = new Waiting("", "");

    /** It waits because an image cannot be pulled; the kubelet tries again. */
    public boolean isForImage() {
      return switch (reason) {
        case "ErrImagePull",
            "ImagePullBackOff",
            "InvalidImageName",
            "ErrImageNeverPull",
            "ImageInspectError",
            "RegistryUnavailable",
            "SignatureValidationFailed" ->
            true;
        default -> false;
      };
    }
  }
}
