// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import io.nodeqos.kube.client.ApiClients;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.client.WriteLimiter;
import io.nodeqos.kube.codec.NodeCodec;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.node.NodeWriter;
import io.nodeqos.time.Pauses;
import io.nodeqos.time.TimeSource;
import java.util.Set;
import okhttp3.MediaType;

/**
 * Writes to Nodes by patches that name only our own fields and carry the resourceVersion of the
 * decision. A denial by the fence's admission policy is a {@link WriteResult.Retry} after a moment,
 * as the API server may not have seen our Lease yet; after 5 s of denials it is a {@link
 * WriteResult.Rejected}.
 */
public final class NodePatcher implements NodeWriter {
  public static final MediaType MERGE_PATCH = MediaType.get("application/merge-patch+json");
  static final MediaType STRATEGIC_MERGE_PATCH =
      MediaType.get("application/strategic-merge-patch+json");

  private final WriteCalls calls;
  private final TimeSource time;
  private final NodeCodec codec;

  /**
   * Writes through a client.
   *
   * @param writeClient of {@link ApiClients#write}
   * @param extraAnnotations of {@link KubeSettings#extraAnnotations}
   */
  public NodePatcher(ApiEndpoint writeClient, WriteLimiter limiter, Set<String> extraAnnotations) {
    this(writeClient, limiter, extraAnnotations, Pauses.system());
  }

  NodePatcher(
      ApiEndpoint writeClient, WriteLimiter limiter, Set<String> extraAnnotations, Pauses pauses) {
    this.calls = new WriteCalls(writeClient, limiter, pauses);
    this.time = pauses.time();
    this.codec = new NodeCodec(new Interning(), extraAnnotations);
  }

  @Override
  public WriteResult patchMetadata(NodeView.Meta base, MetadataChange change) {
    return calls.patch(
        path(base.name()), MERGE_PATCH, PatchBodies.metadata(base.resourceVersion(), change));
  }

  @Override
  public WriteResult patchStatus(NodeView.Meta base, StatusChange change) {
    return calls.patch(
        path(base.name()) + "/status",
        STRATEGIC_MERGE_PATCH,
        PatchBodies.status(base.resourceVersion(), change, time.wallTime()));
  }

  @Override
  public ReadResult read(String name) {
    WriteCalls.Reading<NodeView> reading = calls.get(path(name), codec);
    return reading
        .object()
        .<ReadResult>map(ReadResult.Found::new)
        .orElseGet(() -> new ReadResult.Failed(reading.outcome()));
  }

  static String path(String name) {
    return "/api/v1/nodes/" + name;
  }
}
