// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.ResourceVersions;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Reports when the cache of a process has reached the state of the API server at the call. */
public final class FakeFreshNodes implements FreshNodes {
  private final FakeNodeWriter api;
  private final FakeCluster cluster;
  private List<NodeView> wanted = List.of();
  private CompletableFuture<Void> pending = CompletableFuture.completedFuture(null);
  private int calls;

  FakeFreshNodes(FakeNodeWriter api, FakeCluster cluster) {
    this.api = api;
    this.cluster = cluster;
  }

  @Override
  public CompletableFuture<Void> reached() {
    calls++;
    pending.cancel(false);
    wanted = api.nodes();
    pending = new CompletableFuture<>();
    look();
    return pending;
  }

  public int calls() {
    return calls;
  }

  /** It was not reached in time. */
  public void fail() {
    pending.completeExceptionally(new IllegalStateException("the API server is away"));
  }

  /** The cache has changed. */
  void look() {
    boolean noOther =
        cluster.nodeNames().stream()
            .allMatch(name -> wanted.stream().anyMatch(n -> n.name().equals(name)));
    if (noOther && wanted.stream().allMatch(this::isShown)) {
      pending.complete(null);
    }
  }

  private boolean isShown(NodeView node) {
    return cluster
        .node(node.name())
        .filter(
            n ->
                ResourceVersions.isAtLeast(
                    n.meta().resourceVersion(), node.meta().resourceVersion()))
        .isPresent();
  }
}
