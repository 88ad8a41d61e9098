// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Taint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A Node as the decision sees it: only the fields that a decision depends on, so that a heartbeat
 * changes only the resourceVersion.
 *
 * @param meta name, identity and version
 * @param labels all labels: a policy may select by any
 * @param annotations only those of this controller ({@link Keys#PREFIX})
 * @param status the status from the kubelet
 */
public record NodeView(
    Meta meta,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<Taint> taints,
    Status status) {

  /**
   * Identity of one version of a Node.
   *
   * @param resourceVersion opaque for writes, a decimal number for comparisons (KEP-5504)
   * @param createdAt by the API server's clock
   * @param deleting true once a deletionTimestamp is set
   * @param statusReportedAt when the kubelet last reported this status, by its own clock (the
   *     lastHeartbeatTime of its condition Ready); {@link Instant#EPOCH} when there is no time
   */
  public record Meta(
      String name,
      String uid,
      String resourceVersion,
      Instant createdAt,
      boolean deleting,
      Instant statusReportedAt) {}

  /**
   * The fields of {@code status} that a decision depends on.
   *
   * @param conditions by type
   * @param images all names (tags and digests) of {@code status.images}: the kubelet lists at most
   *     50 images by default, so absence proves nothing
   * @param bootId empty when not reported
   * @param kubeletVersion such as {@code v1.37.2}; empty when not reported
   */
  public record Status(
      Map<String, Quantity> capacity,
      Map<String, Quantity> allocatable,
      Map<String, NodeCondition> conditions,
      Set<String> images,
      String bootId,
      String kubeletVersion) {
    public Status {
      capacity = Map.copyOf(capacity);
      allocatable = Map.copyOf(allocatable);
      conditions = Map.copyOf(conditions);
    }
  }

  public NodeView {
    taints = List.copyOf(taints);
  }

  public String name() {
    return meta.name();
  }

  /**
   * True while the kubelet reports CPU and memory above zero: otherwise the node stays as it is. A
   * kubelet that cannot read its machine reports zeros.
   */
  public boolean hasCapacity() {
    return isPositive("cpu") && isPositive("memory");
  }

  private boolean isPositive(String resource) {
    Quantity capacity = status.capacity().get(resource);
    return capacity != null && capacity.compareTo(Quantity.of(0)) > 0;
  }

  public Optional<NodeCondition> condition(String type) {
    return Optional.ofNullable(status.conditions().get(type));
  }

  /** {@code <uid>/<bootID>}: one boot of one node. */
  public String incarnation() {
    return meta.uid() + "/" + status.bootId();
  }

  /** True when only the resourceVersion differs, which no decision depends on. */
  public boolean sameAs(NodeView other) {
    return labels.equals(other.labels)
        && annotations.equals(other.annotations)
        && taints.equals(other.taints)
        && status.equals(other.status)
        && meta.uid().equals(other.meta.uid())
        && meta.deleting() == other.meta.deleting();
  }
}
