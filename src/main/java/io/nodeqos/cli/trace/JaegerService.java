// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.trace;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.Unreachable;
import java.io.IOException;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;

/**
 * The Jaeger of {@code otel/} beside the controller, through the API server: its Service {@code
 * jaeger}, which needs the permission to get {@code services/proxy}.
 */
final class JaegerService implements JaegerSource {
  private static final String SERVICE = "jaeger";
  private static final int PORT = 16686;

  private final ClusterOptions cluster;

  JaegerService(ClusterOptions cluster) {
    this.cluster = cluster;
  }

  @Override
  public Answer get(String path) throws IOException {
    ApiEndpoint api = cluster.clients().read(cluster.requestTimeout());
    String proxy =
        "/api/v1/namespaces/%s/services/http:%s:%d/proxy"
            .formatted(cluster.namespace(), SERVICE, PORT);
    Request begun = api.request(proxy, Map.of()).build();
    HttpUrl address = HttpUrl.get(begun.url() + path);
    try (Response response =
        api.http().newCall(begun.newBuilder().url(address).build()).execute()) {
      String body = response.body().string();
      refused(response.code(), body);
      return new Answer(response.code(), body);
    } catch (ServerRefusal e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(Unreachable.clause(e), e);
    }
  }

  /** An answer of the API server itself, not of Jaeger. */
  private static final class ServerRefusal extends IOException {
    private static final long serialVersionUID = 1L;

    ServerRefusal(String message) {
      super(message);
    }
  }

  private static void refused(int status, String body) throws ServerRefusal {
    try {
      JsonObject json = JsonParser.parseString(body).getAsJsonObject();
      if (json.has("kind") && json.get("kind").getAsString().equals("Status")) {
        throw new ServerRefusal(json.get("message").getAsString());
      }
    } catch (JsonParseException | IllegalStateException notAStatus) {
      // Jaeger reports a trace that does not exist as JSON.
      if (status == 404) {
        throw new ServerRefusal("HTTP 404");
      }
    }
  }

  @Override
  public String describe() {
    return "Service " + cluster.namespace() + "/" + SERVICE;
  }
}
