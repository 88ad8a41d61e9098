// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import io.nodeqos.kube.client.ApiClients;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ResourcePath;
import io.nodeqos.kube.client.WriteLimiter;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.policies.RevisionWriter;
import io.nodeqos.time.Pauses;
import okhttp3.MediaType;

/** Writes ControllerRevisions of one namespace. */
public final class RevisionClient implements RevisionWriter {
  private static final MediaType JSON = MediaType.get("application/json");

  private final WriteCalls calls;
  private final String collection;

  /**
   * Writes through a client.
   *
   * @param writeClient of {@link ApiClients#write}
   */
  public RevisionClient(ApiEndpoint writeClient, WriteLimiter limiter, String namespace) {
    this.calls = new WriteCalls(writeClient, limiter, Pauses.system());
    this.collection = ResourcePath.revisions(namespace);
  }

  @Override
  public WriteResult create(String json) {
    return calls.send("POST", collection, JSON, json);
  }

  @Override
  public WriteResult patch(String name, String json) {
    return calls.patch(collection + "/" + name, NodePatcher.MERGE_PATCH, json);
  }

  @Override
  public WriteResult delete(String name, String uid) {
    return calls.delete(collection + "/" + name, JSON, DaemonSetClient.deletion(uid));
  }
}
