// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.ResourceVersions;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.fleet.FleetIndex;
import io.nodeqos.reconcile.fleet.NodeState.Awaited;
import io.nodeqos.reconcile.node.NodeWriter.ReadResult;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads a node from the cache, or from the API server when the cache has not held our own last
 * write for too long. Thread-safe.
 */
public final class NodeReader {
  /** How long the caches may take to hold our own write; after that the API server is read. */
  private static final Duration CACHE_GRACE = Duration.ofSeconds(5);

  private final ClusterView cluster;
  private final FleetIndex fleet;
  private final NodeWriter api;
  private final KnownNodes known;
  private final TimeSource time;

  public NodeReader(
      ClusterView cluster, FleetIndex fleet, NodeWriter api, KnownNodes known, TimeSource time) {
    this.cluster = cluster;
    this.fleet = fleet;
    this.api = api;
    this.known = known;
    this.time = time;
  }

  /** The result of a read. */
  sealed interface NodeLookup {
    record Found(NodeView node) implements NodeLookup {}

    record Gone() implements NodeLookup {}

    /** The caches are being filled. */
    record NotSynced() implements NodeLookup {}

    /**
     * The cache does not hold our last write yet.
     *
     * @param left how much longer it may take
     */
    record Behind(Duration left) implements NodeLookup {}

    record Failed(WriteResult why) implements NodeLookup {}
  }

  NodeLookup look(String name) {
    if (!cluster.synced()) {
      return new NodeLookup.NotSynced();
    }
    Optional<NodeView> cached = cluster.node(name);
    if (cached.isEmpty()) {
      return new NodeLookup.Gone();
    }
    Optional<Awaited> behind = behind(cached.get());
    if (behind.isEmpty()) {
      known.recognise(cached.get().meta());
      return new NodeLookup.Found(cached.get());
    }
    Duration left = time.left(behind.get().writtenNanos(), CACHE_GRACE);
    return left.isZero() ? read(name) : new NodeLookup.Behind(left);
  }

  /** From the API server; the cache must hold the same or a later version from then on. */
  NodeLookup read(String name) {
    ReadResult read = api.read(name);
    if (read instanceof ReadResult.Found found) {
      known.recognise(found.node().meta());
      fleet.await(found.node().meta(), time.nanos());
      return new NodeLookup.Found(found.node());
    }
    return new NodeLookup.Failed(((ReadResult.Failed) read).why());
  }

  /** The version that the cache has not reached yet, if any. */
  private Optional<Awaited> behind(NodeView node) {
    Optional<Awaited> awaited = fleet.state(node.name()).awaited();
    if (awaited.isPresent()
        && ResourceVersions.isAtLeast(
            node.meta().resourceVersion(), awaited.get().resourceVersion())) {
      fleet.update(node.name(), s -> s.withAwaited(Optional.empty()));
      return Optional.empty();
    }
    return awaited;
  }
}
