// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import com.google.gson.JsonObject;
import io.nodeqos.kube.client.ApiClients;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.WriteLimiter;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.images.DaemonSetWriter;
import io.nodeqos.time.Pauses;
import okhttp3.MediaType;

/** Writes DaemonSets of one namespace. */
public final class DaemonSetClient implements DaemonSetWriter {
  private static final MediaType JSON = MediaType.get("application/json");

  private final WriteCalls calls;
  private final String collection;

  /**
   * Writes through a client.
   *
   * @param writeClient of {@link ApiClients#write}
   */
  public DaemonSetClient(ApiEndpoint writeClient, WriteLimiter limiter, String namespace) {
    this.calls = new WriteCalls(writeClient, limiter, Pauses.system());
    this.collection = "/apis/apps/v1/namespaces/" + namespace + "/daemonsets";
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
    return calls.delete(collection + "/" + name, JSON, deletion(uid));
  }

  /** Options that delete this object only, together with its dependents. */
  static String deletion(String uid) {
    JsonObject preconditions = new JsonObject();
    preconditions.addProperty("uid", uid);
    JsonObject options = new JsonObject();
    options.addProperty("apiVersion", "v1");
    options.addProperty("kind", "DeleteOptions");
    options.addProperty("propagationPolicy", "Background");
    options.add("preconditions", preconditions);
    return options.toString();
  }
}
