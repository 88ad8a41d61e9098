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
 * @param images images of its started containers, as the kubelet reports them: reference and
 *     digest. The spec is no proof: the container may wait for the pull, and the image of a running
 *     pod can be changed in place
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
   * The progress of the pod.
   *
   * @param phase {@code Pending}, {@code Running}, {@code Succeeded}, {@code Failed}, {@code
   *     Unknown}
   * @param ready its condition Ready is True
   * @param readySince since when, by the kubelet; {@link Instant#EPOCH} when it is not Ready or
   *     without a time
   * @param startedAt when the first of its running containers started, by the kubelet; {@link
   *     Instant#EPOCH} when none runs or without a time
   * @param deleting a deletionTimestamp is set: the pod does not count any more
   */
  public record State(
      String phase, boolean ready, Instant readySince, Instant startedAt, boolean deleting) {}

  public String namespace() {
    return meta.namespace();
  }

  public String name() {
    return meta.name();
  }

  /** True for a finished pod: it does not count as present and requests no resources. */
  public boolean finished() {
    return state.phase().equals("Succeeded") || state.phase().equals("Failed");
  }

  /** True when no decision can differ: normally only the resourceVersion does. */
  public boolean sameAs(PodView other) {
    return content().equals(other.content());
  }

  /** The same for pods that are {@linkplain #sameAs the same}. */
  public int contentHash() {
    return content().hashCode();
  }

  /** Everything that counts. */
  private List<Object> content() {
    return List.of(meta.uid(), nodeName, state, labels, ownerUid, requests, images, tolerations);
  }
}
