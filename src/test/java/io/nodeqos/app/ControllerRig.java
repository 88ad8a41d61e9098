// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static io.nodeqos.fixture.PolicyFixture.json;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.config.PodIdentity;
import io.nodeqos.config.SettingsLoader;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.sim.fleet.FleetClient;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.http.ApiServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.Yaml;

/** One controller in this JVM over the embedded API, with all that it logs and its metrics. */
final class ControllerRig implements AutoCloseable {
  static final String TOKEN = "token-that-must-not-be-logged";

  private static final String NODES = "/api/v1/nodes";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Pattern PORT =
      Pattern.compile("Listening on 127\\.0\\.0\\.1:(\\d+) for .*metrics.*");

  final ApiServer server = new ApiServer();
  final FleetClient admin;
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.nodeqos");
  private final Level levelBefore = logger.getLevel();
  private final Lines lines = new Lines();
  private final Path kubeconfig;
  private App app;
  private Thread thread;

  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final List<ILoggingEvent> all = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      event.prepareForDeferredProcessing();
      all.add(event);
    }
  }

  /** Starts the API server. */
  ControllerRig(Path directory, Level level) throws IOException {
    server.start();
    admin = FleetClient.of(server.uri(), "test");
    kubeconfig =
        Files.writeString(
            directory.resolve("kubeconfig"),
            server.kubeconfig().replace("user: {}", "user: {token: " + TOKEN + "}"));
    Map<String, Object> crd = new Yaml().load(Files.readString(Path.of("manifests/crd.yaml")));
    created(
        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        new Gson().toJsonTree(crd).getAsJsonObject());
    lines.start();
    logger.setLevel(level);
    logger.addAppender(lines);
  }

  void startController() throws Exception {
    Map<String, String> flags = new HashMap<>();
    flags.put("http.port", "0");
    flags.put("http.adminPort", "0");
    flags.put("resyncPeriod", "10s");
    flags.put("policyStatus.interval", "1s");
    LiveSettings settings =
        LiveSettings.load(new SettingsLoader(flags, Map.of(), Optional.empty()));
    KubeSettings kube = settings.get().kube().withKubeconfig(Optional.of(kubeconfig));
    app = App.create(settings, kube, new PodIdentity("pod", "uid", "default"), "test");
    thread =
        new Thread(
            () -> {
              try {
                app.run();
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            },
            "controller");
    thread.start();
  }

  void policy(String spec) throws IOException {
    created(
        "/apis/nodeqos.io/v1alpha1/nodeqospolicies",
        json(
            "{'apiVersion': 'nodeqos.io/v1alpha1', 'kind': 'NodeQoSPolicy',"
                + " 'metadata': {'name': 'base'}, 'spec': "
                + spec
                + "}"));
  }

  /** A node that is not ready, with a foreign annotation. */
  void node(String name, String annotation) throws IOException {
    created(
        NODES,
        json(
            """
            {'metadata': {'name': '%s', 'annotations': {'example.com/theirs': '%s'}},
             'spec': {'taints': [{'key': 'nodeqos.io/warming-up', 'effect': 'NoSchedule'}]},
             'status': {'capacity': {'cpu': '8', 'memory': '32Gi'},
               'allocatable': {'cpu': '8', 'memory': '32Gi'},
               'nodeInfo': {'bootID': 'boot-1', 'machineID': '', 'systemUUID': '', 'kernelVersion': '',
                 'osImage': '', 'containerRuntimeVersion': '', 'kubeletVersion': '', 'kubeProxyVersion': '',
                 'operatingSystem': '', 'architecture': ''},
               'conditions': [{'type': 'Ready', 'status': 'False'}]}}
            """
                .formatted(name, annotation)));
  }

  void nodeBecomesReady(String name) throws IOException {
    FleetClient.Reply reply =
        admin.patch(
            NODES + "/" + name + "/status",
            PatchType.STRATEGIC,
            json("{'status': {'conditions': [{'type': 'Ready', 'status': 'True'}]}}"));
    assertTrue(reply.ok(), reply.message());
  }

  JsonObject node(String name) throws IOException {
    return admin.get(NODES + "/" + name).body();
  }

  /** The items of a list. */
  JsonArray list(String path) throws IOException {
    return admin.get(path).body().getAsJsonArray("items");
  }

  /** All lines so far. */
  List<ILoggingEvent> lines() {
    return List.copyOf(lines.all);
  }

  /** Lines of at least this level. */
  List<ILoggingEvent> lines(Level level) {
    return lines().stream().filter(line -> line.getLevel().isGreaterOrEqual(level)).toList();
  }

  /** The value of one series, 0 when it is not there (yet). */
  double metric(String series) {
    return scrape("text/plain")
        .body()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  HttpResponse<String> scrape(String accept) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/metrics"))
                  .header("Accept", accept)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String port() {
    return lines().stream()
        .map(line -> PORT.matcher(line.getFormattedMessage()))
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .findFirst()
        .orElseThrow();
  }

  void await(String description, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail(description + " did not come about: " + lines());
      }
      Thread.sleep(50);
    }
  }

  private void created(String path, JsonObject object) throws IOException {
    FleetClient.Reply reply = admin.create(path, object);
    assertTrue(reply.ok(), reply.message());
  }

  void stopController() throws InterruptedException {
    if (app != null) {
      app.stop();
      thread.join(30_000);
      assertTrue(!thread.isAlive(), "the controller must stop");
    }
  }

  @Override
  public void close() throws InterruptedException {
    try {
      stopController();
    } finally {
      server.close();
      logger.detachAppender(lines);
      logger.setLevel(levelBefore);
    }
  }
}
