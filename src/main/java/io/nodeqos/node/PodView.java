// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import io.nodeqos.node.value.Resources;
import io.nodeqos.node.value.Toleration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A pod of a reserved namespace.
 *
 * @param nodeName empty while unscheduled
 * @param ownerUid the controller that owns it, empty when none
 * @param images of its containers that have started, by what the kubelet reports of them: reference
 *     and digest. What the spec names proves nothing: the container may wait for the pull, and the
 *     image of a running pod can be changed in place
 */
public record PodView(
    Meta meta,
    String nodeName,
    String ownerUid,
    Map<String, String> labels,
    State state,
    Resources requests,
    List<Toleration> tolerations,
    Set<String> images) {

  /** Identity of one version of a pod. */
  public record Meta(
      String namespace, String name, String uid, String resourceVersion, Instant createdAt) {}

  /**
   * How far the pod is.
   *
   * @param phase {@code Pending}, {@code Running}, {@code Succeeded}, {@code Failed}, {@code
   *     Unknown}
   * @param ready its condition Ready is True
   * @param readySince since when, by the kubelet; {@link Instant#EPOCH} when it is not or does not
   *     say
   * @param startedAt when the first of its containers that run started, by the kubelet; {@link
   *     Instant#EPOCH} when none runs or it does not say
   * @param deleting a deletionTimestamp is set: it is no longer counted on
   */
  public record State(
      String phase, boolean ready, Instant readySince, Instant startedAt, boolean deleting) {}

  public String namespace() {
    return meta.namespace();
  }

  public String name() {
    return meta.name();
  }

  /** True for a pod that has ended for good: it neither counts as there nor requests anything. */
  public boolean finished() {
    return state.phase().equals("Succeeded") || state.phase().equals("Failed");
  }

  /** True when both are equal but for the resourceVersion. */
  public boolean sameAs(PodView other) {
    return nodeName.equals(other.nodeName)
        && state.equals(other.state)
        && meta.uid().equals(other.meta.uid())
        && labels.equals(other.labels)
        && ownerUid.equals(other.ownerUid)
        && requests.equals(other.requests)
        && images.equals(other.images)
        && tolerations.equals(other.tolerations);
  }
}
