// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import static io.nodeqos.fixture.PolicyFixture.json;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.sun.management.OperatingSystemMXBean;
import com.sun.net.httpserver.HttpServer;
import io.nodeqos.config.PodIdentity;
import io.nodeqos.config.SettingsLoader;
import io.nodeqos.sim.fleet.FleetClient;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.http.ApiServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.yaml.snakeyaml.Yaml;

/**
 * Measures what tracing costs: CPU time of the whole controller for each reconcile, from the watch
 * event to the last patch, with tracing off and with every trace kept and sent. API server,
 * collector and load are another process. Off and on take turns in one run; each turn with tracing
 * is compared with those before and after it, and the median of that is reported.
 *
 * <p>A program, not a test: {@code java -cp ... io.nodeqos.app.TracingCost [turns] [changes]}.
 */
public final class TracingCost {
  private static final int NODES = 300;
  private static final String POLICY =
      """
      {'apiVersion': 'nodeqos.io/v1alpha1', 'kind': 'NodeQoSPolicy', 'metadata': {'name': 'base'},
       'spec': {
         'reservation': {'cpu': '500m', 'memory': '2%', 'countReservedPods': true},
         'quota': {'classes': [
           {'name': 'gold', 'cpu': {'weight': 400, 'max': '80%'},
            'memory': {'high': '60%', 'max': '70%'}, 'advertise': {'cpu': '50%', 'memory': '50%'}},
           {'name': 'silver', 'advertise': {'cpu': '20%'}}]},
         'warmUp': {'nodeReady': {}}}}
      """;

  private final BufferedReader fromWorld;
  private final PrintStream toWorld;
  private final String kubeconfig;
  private final String collector;
  private final HttpClient http = HttpClient.newHttpClient();

  private TracingCost(BufferedReader fromWorld, PrintStream toWorld) throws IOException {
    this.fromWorld = fromWorld;
    this.toWorld = toWorld;
    this.kubeconfig = fromWorld.readLine();
    this.collector = fromWorld.readLine();
  }

  public static void main(String[] args) throws Exception {
    if (args.length > 0 && args[0].equals("world")) {
      World.run();
      return;
    }
    int turns = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    int changes = args.length > 1 ? Integer.parseInt(args[1]) : 6000;
    Process world =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx1g",
                "-Dsun.net.httpserver.nodelay=true",
                "-cp",
                System.getProperty("java.class.path"),
                TracingCost.class.getName(),
                "world")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader in =
            new BufferedReader(
                new InputStreamReader(world.getInputStream(), StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(world.getOutputStream(), true, StandardCharsets.UTF_8)) {
      new TracingCost(in, out).compare(turns, changes);
    } finally {
      world.destroy();
    }
  }

  private void compare(int turns, int changes) throws Exception {
    for (String change : List.of("label", "unconfigure")) {
      // Until the compiler has seen it all.
      turn(change, 3 * changes, false);
      turn(change, 3 * changes, true);
      double[] off = new double[turns + 1];
      double[] on = new double[turns];
      double[] ratio = new double[turns];
      off[0] = turn(change, changes, false);
      for (int i = 0; i < turns; i++) {
        on[i] = turn(change, changes, true);
        off[i + 1] = turn(change, changes, false);
        ratio[i] = 2 * on[i] / (off[i] + off[i + 1]);
      }
      System.out.printf(
          "%s: off %.0f us, on %.0f us of CPU a reconcile, ratio %.3f (off %s, on %s)%n",
          change.equals("label") ? "nothing to write" : "half of them write",
          median(off),
          median(on),
          median(ratio),
          rounded(off),
          rounded(on));
    }
  }

  private static String rounded(double[] values) {
    return Arrays.toString(Arrays.stream(values).mapToLong(Math::round).toArray());
  }

  /** Microseconds of CPU a reconcile, of a controller that is started for it. */
  private double turn(String change, int changes, boolean traced) throws Exception {
    System.clearProperty("otel.exporter.otlp.endpoint");
    if (traced) {
      System.setProperty("otel.exporter.otlp.endpoint", collector);
      System.setProperty("otel.exporter.otlp.protocol", "http/protobuf");
    }
    int port = freePort();
    LiveSettings settings =
        LiveSettings.load(
            new SettingsLoader(
                Map.of(
                    "http.port", Integer.toString(port),
                    "http.adminPort", "0",
                    "leaderElection.enabled", "false",
                    "resyncPeriod", "24h",
                    "log.level", "error"),
                Map.of(),
                Optional.empty()));
    App app =
        App.create(
            settings,
            settings.get().kube().withKubeconfig(Optional.of(Path.of(kubeconfig))),
            new PodIdentity("bench", "uid", "default"),
            "bench");
    Thread thread = new Thread(() -> run(app), "controller");
    thread.start();
    try {
      settle(port);
      ask(change, changes / 5);
      settle(port);
      long syncs = reconciles(port);
      long cpu = cpuNanos();
      ask(change, changes);
      settle(port);
      return (cpuNanos() - cpu) / 1e3 / (reconciles(port) - syncs);
    } finally {
      app.stop();
      thread.join();
    }
  }

  private static void run(App app) {
    try {
      app.run();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void ask(String change, int changes) throws IOException {
    toWorld.println(change + " " + changes);
    fromWorld.readLine();
  }

  /** Until no reconcile has come for two seconds. */
  private void settle(int port) throws Exception {
    long before = -1;
    for (int calm = 0, looks = 0; calm < 4 && looks < 600; looks++) {
      Thread.sleep(500);
      long now = reconciles(port);
      calm = now == before && now > 0 ? calm + 1 : 0;
      before = now;
    }
  }

  private long reconciles(int port) throws InterruptedException {
    try {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
              HttpResponse.BodyHandlers.ofLines())
          .body()
          .filter(line -> line.startsWith("qos_sync_duration_seconds_count "))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' '))))
          .sum();
    } catch (IOException notYet) {
      return 0;
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The other process: API server, collector, and the writer that changes the nodes. */
  private static final class World {
    private static final String NODES_PATH = "/api/v1/nodes";

    private final ApiServer server = new ApiServer();
    private int changed;

    static void run() throws IOException {
      new World().serve();
    }

    private void serve() throws IOException {
      server.start();
      FleetClient admin = FleetClient.of(server.uri(), "bench");
      Map<String, Object> crd = new Yaml().load(Files.readString(Path.of("manifests/crd.yaml")));
      admin.create(
          "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
          new Gson().toJsonTree(crd).getAsJsonObject());
      admin.create("/apis/nodeqos.io/v1alpha1/nodeqospolicies", json(POLICY));
      for (int i = 0; i < NODES; i++) {
        admin.create(NODES_PATH, node("n" + i));
      }
      HttpServer sink =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
      sink.setExecutor(Executors.newCachedThreadPool());
      sink.createContext(
          "/",
          exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      sink.start();
      Path kubeconfig = Files.createTempFile("tracing-cost", ".kubeconfig");
      kubeconfig.toFile().deleteOnExit();
      System.out.println(Files.writeString(kubeconfig, server.kubeconfig()));
      System.out.println("http://127.0.0.1:" + sink.getAddress().getPort());
      BufferedReader orders =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        String[] words = order.split(" ");
        change(admin, words[0], Integer.parseInt(words[1]));
        System.out.println("done");
      }
    }

    private void change(FleetClient admin, String description, int changes) throws IOException {
      for (int i = 0; i < changes; i++) {
        changed++;
        String label =
            description.equals("label")
                ? "'example.com/turn': '" + changed + "'"
                : "'nodeqos.io/config-version': null";
        admin.patch(
            NODES_PATH + "/n" + changed % NODES,
            PatchType.MERGE,
            json("{'metadata': {'labels': {" + label + "}}}"));
      }
    }

    private static JsonObject node(String name) {
      List<String> images = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        images.add(
            "{'names': ['registry.example.com/team/app-%d@sha256:%064d', 'registry.example.com/team/app-%d:v1']}"
                .formatted(i, i, i));
      }
      return json(
          """
          {'metadata': {'name': '%s', 'labels': {'kubernetes.io/os': 'linux', 'pool': 'general'}},
           'spec': {},
           'status': {'capacity': {'cpu': '8', 'memory': '32Gi'},
             'allocatable': {'cpu': '8', 'memory': '32Gi'},
             'nodeInfo': {'bootID': 'boot-1', 'machineID': '', 'systemUUID': '',
               'kernelVersion': '', 'osImage': '', 'containerRuntimeVersion': '',
               'kubeletVersion': '', 'kubeProxyVersion': '', 'operatingSystem': '',
               'architecture': ''},
             'images': [%s],
             'conditions': [{'type': 'Ready', 'status': 'True'}]}}
          """
              .formatted(name, String.join(",", images)));
    }
  }
}
