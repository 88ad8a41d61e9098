// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The views of a running controller for operators. */
class ViewsTest {
  private static final Pattern ADMIN =
      Pattern.compile("Listening on 127\\.0\\.0\\.1:(\\d+) for .*snapshot.*");

  @TempDir private Path directory;

  private static HttpResponse<String> get(ControllerRig rig, String path) {
    return get(rig, path, "*/*");
  }

  private static HttpResponse<String> get(ControllerRig rig, String path, String accept) {
    return send(rig, path, request -> request.header("Accept", accept));
  }

  private static HttpResponse<String> send(
      ControllerRig rig, String path, UnaryOperator<HttpRequest.Builder> as) {
    String port =
        rig.lines().stream()
            .map(line -> ADMIN.matcher(line.getFormattedMessage()))
            .filter(Matcher::matches)
            .map(matcher -> matcher.group(1))
            .findFirst()
            .orElseThrow();
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    try {
      return HttpClient.newHttpClient()
          .send(
              as.apply(HttpRequest.newBuilder(uri)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonObject json(ControllerRig rig, String path) {
    return JsonParser.parseString(get(rig, path).body()).getAsJsonObject();
  }

  private static String text(ControllerRig rig, String path) {
    return get(rig, path, "text/plain").body();
  }

  /** Calls of the workers of the controller. */
  private static long workerCalls(ControllerRig rig) {
    long calls = 0;
    for (JsonElement worker : json(rig, "/snapshot").getAsJsonArray("workers")) {
      calls += worker.getAsJsonObject().get("plans").getAsLong();
    }
    return calls;
  }

  private static List<String> strings(JsonElement array, String field) {
    List<String> found = new ArrayList<>();
    array.getAsJsonArray().forEach(e -> found.add(e.getAsJsonObject().get(field).getAsString()));
    return found;
  }

  /** Else a plug-in would be asked about policies that are in force nowhere, and remember them. */
  @Test
  void planDoesNotCallTheWorkersOfTheController() throws Exception {
    String edited =
        """
        {"apiVersion": "nodeqos.io/v1alpha1", "kind": "NodeQoSPolicy", "metadata": {"name": "base"},
         "spec": {"quota": {"classes": [{"name": "silver", "advertise": {"cpu": "1"}}]}}}""";
    try (ControllerRig rig = new ControllerRig(directory, Level.INFO)) {
      rig.policy("{'quota': {'classes': [{'name': 'gold'}]}}");
      rig.node("n1", "");
      rig.startController();
      rig.await(
          "ready", () -> rig.lines().stream().anyMatch(l -> l.getMessage().startsWith("Ready")));
      rig.await("configured", () -> workerCalls(rig) > 0);
      long before = workerCalls(rig);
      int plans = 50;
      for (int i = 0; i < plans; i++) {
        HttpResponse<String> plan =
            send(rig, "/plan", r -> r.POST(HttpRequest.BodyPublishers.ofString(edited)));
        assertEquals("3", plan.headers().firstValue("Nodeqos-Exit-Code").orElse(""), plan::body);
      }
      // The controller itself decides the node again now and then.
      assertTrue(workerCalls(rig) - before < plans, () -> before + " before");
    }
  }

  @Test
  void nodeViewShowsGatesSourcesWritesAndHistory() throws Exception {
    try (ControllerRig rig = new ControllerRig(directory, Level.INFO)) {
      rig.policy("{'quota': {'classes': [{'name': 'gold'}]}, 'warmUp': {'nodeReady': {}}}");
      rig.startController();
      rig.await(
          "ready", () -> rig.lines().stream().anyMatch(l -> l.getMessage().startsWith("Ready")));
      rig.node("n1", "");
      rig.await(
          "waiting", () -> json(rig, "/history?node=n1").getAsJsonArray("transitions").size() >= 2);
      JsonObject waiting = json(rig, "/snapshot?node=n1");
      assertEquals("waiting", waiting.get("phase").getAsString());
      assertEquals("NodeNotReady", waiting.get("reason").getAsString());
      assertEquals(1, waiting.getAsJsonArray("blockers").size());
      HttpResponse<String> explained = get(rig, "/explain?node=n1");
      assertEquals("5", explained.headers().firstValue("Nodeqos-Exit-Code").orElse(""));
      assertTrue(
          explained.body().lines().findFirst().orElse("").contains(": the node is not Ready"),
          explained::body);
      assertEquals(
          "Explanation", json(rig, "/explain?node=n1&lines=text").get("kind").getAsString());
      assertTrue(get(rig, "/explain").body().startsWith("1 of 1 nodes is not warm"));
      assertTrue(get(rig, "/explain?policy=base").body().contains("of policy base"));
      assertEquals(404, get(rig, "/explain?node=nowhere").statusCode());
      assertEquals(400, get(rig, "/explain?node=").statusCode());
      assertEquals(400, get(rig, "/explain?node=n1&policy=base").statusCode());
      JsonObject gate = waiting.getAsJsonArray("gates").get(0).getAsJsonObject();
      assertEquals("nodeReady", gate.get("kind").getAsString());
      assertFalse(gate.get("open").getAsBoolean());
      JsonObject config = waiting.getAsJsonObject("config");
      assertEquals(config.get("wanted"), config.get("carried"));
      assertEquals("base", config.getAsJsonObject("sources").get("quota").getAsString());
      assertEquals(List.of("metadata", "status"), strings(waiting.get("lastWrites"), "part"));
      assertEquals("", waiting.getAsJsonObject("queue").get("waiting").getAsString());
      assertEquals(
          Set.of("conflicts", "retries"), waiting.getAsJsonObject("writeRetries").keySet());

      rig.nodeBecomesReady("n1");
      rig.await(
          "warm",
          () ->
              strings(json(rig, "/snapshot?node=n1").get("lastTransitions"), "type")
                  .contains("WARMUP_DONE"));
      JsonObject warm = json(rig, "/snapshot?node=n1");
      assertEquals("warm", warm.get("phase").getAsString());
      assertEquals(
          List.of("CONFIG_UPDATED", "WARMUP_STARTED", "WARMUP_DONE"),
          strings(warm.get("lastTransitions"), "type"));

      assertTrue(text(rig, "/snapshot").contains("nodes     1 warm\n"), "all nodes as text");
      assertTrue(text(rig, "/snapshot?node=n1").startsWith("node      n1\nphase     warm for "));
      assertTrue(text(rig, "/history?node=n1").startsWith("TIME  "), "the history as text");

      JsonObject core = json(rig, "/snapshot");
      assertEquals(1, core.getAsJsonObject("nodes").get("warm").getAsInt());
      assertEquals(
          Set.of(
              "identity",
              "role",
              "leader",
              "epoch",
              "synced",
              "lastSync",
              "configVersions",
              "workers",
              "queue",
              "nodes",
              "frozen",
              "waiting",
              "pending",
              "orphanTaints",
              "brakes",
              "policies",
              "recentEvents"),
          core.keySet());
    }
  }

  @Test
  void badRequestsAreAnsweredWithASentence() throws Exception {
    try (ControllerRig rig = new ControllerRig(directory, Level.INFO)) {
      rig.startController();
      rig.await(
          "ready", () -> rig.lines().stream().anyMatch(l -> l.getMessage().startsWith("Ready")));
      HttpResponse<String> unknown = get(rig, "/snapshot?node=nowhere");
      assertEquals(404, unknown.statusCode());
      assertEquals(
          "There is no node \"nowhere\" in the cache.",
          JsonParser.parseString(unknown.body()).getAsJsonObject().get("error").getAsString());
      assertEquals(400, get(rig, "/snapshot?nod=n1").statusCode());
      for (String bad : List.of("since=x", "limit=0", "limit=1001", "limit=x", "before=0", "n=1")) {
        HttpResponse<String> refused = get(rig, "/history?" + bad);
        assertEquals(400, refused.statusCode(), bad);
        String sentence =
            JsonParser.parseString(refused.body()).getAsJsonObject().get("error").getAsString();
        assertTrue(sentence.endsWith("."), sentence);
      }
      assertEquals(200, get(rig, "/history?since=2h&limit=1000").statusCode());
    }
  }
}
