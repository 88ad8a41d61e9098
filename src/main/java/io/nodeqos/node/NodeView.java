// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import io.nodeqos.node.value.Quantity;
import io.nodeqos.node.value.Taint;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A Node as the decision sees it: only the fields that a decision depends on, so that a heartbeat
 * changes only the resourceVersion.
 *
 * @param meta name, identity and version
 * @param labels all labels: a policy may select by any
 * @param annotations only those that {@link NodeAnnotations} names
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
   * @param conditionWrittenAt when a leader last wrote our condition, by its own clock and in whole
   *     seconds; {@link Instant#EPOCH} when there is no time
   */
  public record Meta(
      String name,
      String uid,
      String resourceVersion,
      Instant createdAt,
      boolean deleting,
      Instant statusReportedAt,
      Instant conditionWrittenAt) {

    /** Of a node without our condition. */
    public Meta(
        String name,
        String uid,
        String resourceVersion,
        Instant createdAt,
        boolean deleting,
        Instant statusReportedAt) {
      this(name, uid, resourceVersion, createdAt, deleting, statusReportedAt, Instant.EPOCH);
    }
  }

  /**
   * The fields of {@code status} that a decision depends on.
   *
   * @param conditions by type
   * @param images all names (tags and digests) of {@code status.images}: the kubelet lists at most
   *     50 images by default, so absence proves nothing
   * @param bootId empty when not reported
   */
  public record Status(
      Map<String, Quantity> capacity,
      Map<String, Quantity> allocatable,
      Map<String, NodeCondition> conditions,
      Set<String> images,
      String bootId,
      Software software) {
    public Status {
      capacity = Map.copyOf(capacity);
      allocatable = Map.copyOf(allocatable);
      conditions = Map.copyOf(conditions);
    }

    public String kubeletVersion() {
      return software.kubeletVersion();
    }
  }

  /**
   * The software of a node: like nodes share one object.
   *
   * @param kubeletVersion such as {@code v1.37.2}; empty when not reported
   * @param osImage such as {@code Ubuntu 24.04.1 LTS}, for display; empty when not reported
   */
  public record Software(String kubeletVersion, String osImage) {
    public static final Software UNKNOWN = new Software("", "");
  }

  public NodeView {
    taints = List.copyOf(taints);
  }

  public String name() {
    return meta.name();
  }

  /** The same content in a later version, with the times of its reports. */
  public NodeView seen(
      String resourceVersion, Instant statusReportedAt, Instant conditionWrittenAt) {
    Meta seen =
        new Meta(
            meta.name(),
            meta.uid(),
            resourceVersion,
            meta.createdAt(),
            meta.deleting(),
            statusReportedAt,
            conditionWrittenAt);
    return new NodeView(seen, labels, annotations, taints, status);
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

  /**
   * The capacity of which a reservation and the limits of tenants are parts; zero when it is not
   * reported. That of memory is without huge pages: the kubelet subtracts all of them from
   * allocatable memory, and pods ask for them by their own names.
   */
  public Quantity divisibleCapacity(String resource) {
    Quantity capacity = status.capacity().getOrDefault(resource, Quantity.of(0));
    long hugePages = resource.equals("memory") ? hugePages() : 0;
    return hugePages == 0 ? capacity : Quantity.ofBytes(Math.max(0, capacity.floor() - hugePages));
  }

  /** Bytes of all sizes of huge pages, such as {@code hugepages-2Mi} and {@code hugepages-1Gi}. */
  private long hugePages() {
    return status.capacity().entrySet().stream()
        .filter(e -> e.getKey().startsWith("hugepages-"))
        .mapToLong(e -> Math.max(0, e.getValue().floor()))
        .sum();
  }

  public Optional<NodeCondition> condition(String type) {
    return Optional.ofNullable(status.conditions().get(type));
  }

  /** {@code <uid>/<bootID>}: one boot of one node. */
  public String incarnation() {
    return meta.uid() + "/" + status.bootId();
  }

  /** True when no decision can differ: normally only the resourceVersion and the heartbeat do. */
  public boolean sameAs(NodeView other) {
    return content().equals(other.content());
  }

  /**
   * A hash of everything that {@link #sameAs} compares, except the state that this controller
   * writes to nodes itself: equal hashes show that no other writer has changed the node. Startup
   * taints count as its own, whoever set them: no decision depends on those of other controllers.
   *
   * @param prefixes of startup taints
   */
  public int foreignHash(StartupTaintPrefixes prefixes) {
    return withoutOwn(prefixes).content().hashCode();
  }

  /** Everything that counts. */
  private List<Object> content() {
    return List.of(meta.uid(), meta.deleting(), labels, annotations, taints, status);
  }

  private NodeView withoutOwn(StartupTaintPrefixes prefixes) {
    return new NodeView(
        meta,
        without(labels, Keys.OWN_LABELS::contains),
        without(annotations, Keys.OWN_ANNOTATIONS::contains),
        taints.stream().filter(t -> !prefixes.allow(t.key())).toList(),
        new Status(
            without(status.capacity(), Keys::isOwnResource),
            without(status.allocatable(), Keys::isOwnResource),
            without(status.conditions(), Keys.WARMED_UP_CONDITION::equals),
            status.images(),
            status.bootId(),
            status.software()));
  }

  private static <V> Map<String, V> without(Map<String, V> all, Predicate<String> isOwn) {
    Map<String, V> others = new HashMap<>(all);
    others.keySet().removeIf(isOwn);
    return others;
  }
}
