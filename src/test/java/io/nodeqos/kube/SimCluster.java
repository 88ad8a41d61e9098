// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.sim.http.ApiServer;
import io.nodeqos.sim.http.ApiServerSettings;
import io.nodeqos.sim.http.RequestLog;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * An embedded API server, and the hand that changes its objects: by plain HTTP, as anybody would.
 */
public final class SimCluster implements AutoCloseable {
  public final ApiServer server =
      new ApiServer(ApiServerSettings.defaults(), TimeSource.system()).start();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public String url() {
    return server.uri().toString();
  }

  public HttpResponse<String> send(String method, String path, String type, String body) {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create(url() + path))
              .header("Content-Type", type)
              .method(method, BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private JsonObject done(HttpResponse<String> response) {
    if (response.statusCode() >= 300) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }

  public JsonObject create(String path, String json) {
    return done(send("POST", path, "application/json", json));
  }

  public JsonObject get(String path) {
    return done(send("GET", path, "application/json", ""));
  }

  public JsonObject merge(String path, String patch) {
    return done(send("PATCH", path, "application/merge-patch+json", patch));
  }

  public void delete(String path) {
    done(send("DELETE", path, "application/json", ""));
  }

  public void installPolicyDefinition() {
    try {
      Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
      Map<String, Object> crd = yaml.load(Files.readString(Path.of("manifests/crd.yaml")));
      create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", new Gson().toJson(crd));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void node(String name) {
    create(
        "/api/v1/nodes",
        "{\"kind\":\"Node\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"%s\"}}".formatted(name));
    merge(
        "/api/v1/nodes/" + name + "/status",
        "{\"status\":{\"capacity\":{\"cpu\":\"4\",\"memory\":\"8Gi\"},\"allocatable\":{\"cpu\":\"4\",\"memory\":\"8Gi\"}}}");
  }

  public void namespace(String name, String labels) {
    create(
        "/api/v1/namespaces",
        "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"%s\",\"labels\":{%s}}}"
            .formatted(name, labels));
  }

  public void pod(String namespace, String name, String node) {
    create(
        "/api/v1/namespaces/" + namespace + "/pods",
        "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"%s\"},\"spec\":{\"nodeName\":\"%s\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}"
            .formatted(name, node));
  }

  public void daemonSet(String namespace, String name) {
    create(
        "/apis/apps/v1/namespaces/" + namespace + "/daemonsets",
        "{\"kind\":\"DaemonSet\",\"apiVersion\":\"apps/v1\",\"metadata\":{\"name\":\"%s\"},\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}}}"
            .formatted(name));
  }

  public void policy(String name) {
    create(
        "/apis/nodeqos.io/v1alpha1/nodeqospolicies",
        "{\"kind\":\"NodeQoSPolicy\",\"apiVersion\":\"nodeqos.io/v1alpha1\",\"metadata\":{\"name\":\"%s\"},\"spec\":{\"priority\":1}}"
            .formatted(name));
  }

  /** Requests that the controller's client made: tests use another. */
  public List<RequestLog.Request> ours(String verb, String resource, String namespace) {
    return server.requests().all().stream()
        .filter(r -> r.userAgent().startsWith("node-qos-controller"))
        .filter(
            r ->
                r.verb().equals(verb)
                    && r.resource().equals(resource)
                    && r.namespace().equals(namespace))
        .toList();
  }

  @Override
  public void close() {
    server.close();
  }
}
