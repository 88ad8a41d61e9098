// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.faults;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.nodeqos.e2e.rig.Api;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.kube.config.TestPki;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A validating admission webhook on this machine, which the API server asks for each write of the
 * controller to Nodes, their status, Leases and Events. It lets all pass until a test makes it slow
 * or refuse.
 */
final class AdmissionWebhook implements AutoCloseable {
  static final String WORDS = "not by our rules";
  private static final String NAME = "writers.example.com";
  private static final String CONFIGURATIONS =
      "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";

  private final Api admin;
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** By resource, with its subresource, as {@code nodes/status}. */
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  /** How often each resource was asked for. */
  private final Map<String, Integer> asked = new ConcurrentHashMap<>();

  private AdmissionWebhook(Api admin, HttpsServer server) {
    this.admin = admin;
    this.server = server;
  }

  /**
   * The answer to a review.
   *
   * @param afterMillis how long it takes
   * @param code of a refusal, 0 to let it pass
   */
  private record Answer(long afterMillis, int code) {
    static final Answer PASS = new Answer(0, 0);
  }

  /** Returns once the API server asks it for the renewals of a leader. */
  static AdmissionWebhook install(Api admin) throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(TestPki.server("loopback")));
    AdmissionWebhook webhook = new AdmissionWebhook(admin, server);
    server.createContext("/", webhook::review);
    server.setExecutor(webhook.threads);
    server.start();
    admin.post(CONFIGURATIONS, webhook.configuration()).succeeded();
    Poll.until("review of a Lease", () -> webhook.asked("leases"), times -> times > 0);
    return webhook;
  }

  private String configuration() {
    return """
        {"metadata": {"name": "%1$s"},
         "webhooks": [{"name": "%1$s", "sideEffects": "None", "admissionReviewVersions": ["v1"],
           "failurePolicy": "Fail", "timeoutSeconds": 30,
           "clientConfig": {"url": "https://127.0.0.1:%2$d/", "caBundle": "%3$s"},
           "matchConditions": [{"name": "controller",
             "expression": "request.userInfo.username == '%4$s'"}],
           "rules": [
             {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["UPDATE"],
              "resources": ["nodes", "nodes/status"]},
             {"apiGroups": ["coordination.k8s.io"], "apiVersions": ["v1"],
              "operations": ["CREATE", "UPDATE"], "resources": ["leases"]},
             {"apiGroups": ["events.k8s.io"], "apiVersions": ["v1"],
              "operations": ["CREATE", "UPDATE"], "resources": ["events"]}]}]}"""
        .formatted(
            NAME,
            server.getAddress().getPort(),
            Base64.getEncoder()
                .encodeToString(TestPki.pem("ca.crt").getBytes(StandardCharsets.US_ASCII)),
            Installation.USER);
  }

  /** From now on each answer about this resource takes so long. */
  void slow(String resource, long millis) {
    answers.put(resource, new Answer(millis, 0));
  }

  /** From now on all writes to this resource are refused. */
  void refuse(String resource, int code) {
    answers.put(resource, new Answer(0, code));
  }

  /** From now on all writes pass at once. */
  void pass() {
    answers.clear();
  }

  int asked(String resource) {
    return asked.getOrDefault(resource, 0);
  }

  private void review(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      JsonObject request =
          JsonParser.parseString(new String(body, StandardCharsets.UTF_8))
              .getAsJsonObject()
              .getAsJsonObject("request");
      String subresource = World.text(request, "subResource");
      String resource =
          World.text(request, "resource", "resource")
              + (subresource.isEmpty() ? "" : "/" + subresource);
      asked.merge(resource, 1, Integer::sum);
      Answer answer = answers.getOrDefault(resource, Answer.PASS);
      TimeUnit.MILLISECONDS.sleep(answer.afterMillis());
      byte[] reply = reply(World.text(request, "uid"), answer).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, reply.length);
      exchange.getResponseBody().write(reply);
    } catch (InterruptedException e) {
      throw new InterruptedIOException("stopped");
    }
  }

  private static String reply(String uid, Answer answer) {
    return """
        {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
         "response": {"uid": "%s", "allowed": %s, "status": {"code": %d, "message": "%s"}}}"""
        .formatted(uid, answer.code() == 0, answer.code() == 0 ? 200 : answer.code(), WORDS);
  }

  @Override
  public void close() {
    admin.delete(CONFIGURATIONS + "/" + NAME);
    server.stop(0);
    threads.shutdownNow();
  }
}
