// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.replica;

import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.codec.NodeCodec;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.watch.ListReader;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.kube.wire.JsonTolerantReader;
import io.nodeqos.node.NodeView;
import io.nodeqos.time.Pauses;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okhttp3.Response;

/** The Nodes as the API server has them, for answers without a replica. */
public final class ServerNodes {
  private final ClusterOptions cluster;

  public ServerNodes(ClusterOptions cluster) {
    this.cluster = cluster;
  }

  public List<NodeView> all() throws IOException {
    return ListReader.of(cluster.clients().watch(), Pauses.system(), ListReader.Progress.NONE)
        .read(CacheSource.nodes(new Interning(), Set.of()));
  }

  /** Empty when there is no such node. */
  public Optional<NodeView> one(String name) throws IOException {
    ApiEndpoint api = cluster.clients().read(cluster.requestTimeout());
    try (Response response =
        api.http()
            .newCall(
                api.request("/api/v1/nodes/" + name, Map.of())
                    .header("Accept", "application/json")
                    .build())
            .execute()) {
      if (response.code() == 404) {
        return Optional.empty();
      }
      if (!response.isSuccessful()) {
        throw new ApiRefusal(ApiFailure.of(response, Pauses.system().time()));
      }
      return Optional.of(
          new NodeCodec(new Interning(), Set.of())
              .decode(new JsonTolerantReader(response.body().charStream()))
              .view());
    }
  }
}
