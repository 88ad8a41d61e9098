// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import io.kubernetes.client.openapi.ApiClient;
import io.nodeqos.reconcile.RevisionWriter;
import io.nodeqos.reconcile.WriteResult;
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
  public RevisionClient(ApiClient writeClient, WriteLimiter limiter, String namespace) {
    this.calls = new WriteCalls(new ApiEndpoint(writeClient), limiter, Timing.system());
    this.collection = collection(namespace);
  }

  static String collection(String namespace) {
    return "/apis/apps/v1/namespaces/" + namespace + "/controllerrevisions";
  }

  @Override
  public WriteResult create(String json) {
    return calls.send("POST", collection, JSON, json);
  }

  @Override
  public WriteResult delete(String name, String uid) {
    return calls.delete(collection + "/" + name, JSON, DaemonSetClient.deletion(uid));
  }
}
