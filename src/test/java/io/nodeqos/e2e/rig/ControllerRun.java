// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

import io.nodeqos.realapi.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The controller as a process, that of one replica. It ends with this JVM, however that ends. */
public final class ControllerRun implements AutoCloseable {
  private static final Pattern PROBES =
      Pattern.compile("Listening on (127\\.0\\.0\\.1:\\d+) for \\[[^]]*/livez");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final Path log;
  private volatile String address = "";

  private ControllerRun(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  public static ControllerRun start(ControlPlane plane, Replica replica) {
    return start(plane, replica, plane.server(), Map.of());
  }

  /** By the classes of this JVM's own class path. */
  private static List<String> ownClasses() {
    return List.of(
        "-Xmx307m",
        "-Dsun.net.httpserver.nodelay=true",
        "-cp",
        System.getProperty("java.class.path"),
        "io.nodeqos.Main");
  }

  /**
   * Starts a container of a replica's pod, its first one or another.
   *
   * @param server where it finds the API server
   * @param settings variables of its environment
   */
  public static ControllerRun start(
      ControlPlane plane, Replica replica, URI server, Map<String, String> settings) {
    return start(plane, replica, server, settings, ownClasses());
  }

  /** With a file of settings. */
  public static ControllerRun withSettings(ControlPlane plane, Replica replica, Path file) {
    return start(
        plane,
        replica,
        plane.server(),
        Map.of(),
        ownClasses(),
        List.of("--config", file.toString()));
  }

  /**
   * The same with a choice of program.
   *
   * @param program options of the JVM, and the jar or class that it runs
   */
  public static ControllerRun start(
      ControlPlane plane,
      Replica replica,
      URI server,
      Map<String, String> settings,
      List<String> program) {
    return start(plane, replica, server, settings, program, List.of());
  }

  private static ControllerRun start(
      ControlPlane plane,
      Replica replica,
      URI server,
      Map<String, String> settings,
      List<String> program,
      List<String> arguments) {
    try {
      // Other processes of the run have replicas of the same names.
      Path directory =
          Files.createDirectories(
              Path.of("target", "e2e", "tests-" + ProcessHandle.current().pid()));
      Path kubeconfig = directory.resolve(replica.name() + ".kubeconfig");
      Files.writeString(
          kubeconfig,
          Files.readString(plane.kubeconfig())
              .replace(plane.token(), replica.token())
              .replace(plane.server().toString(), server.toString()));
      Path log = directory.resolve(replica.name() + ".log");
      for (int container = 2; Files.exists(log); container++) {
        log = directory.resolve(replica.name() + "-" + container + ".log");
      }
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(program);
      command.addAll(
          List.of("controller", "--kubeconfig", kubeconfig.toString(), "--exit-with-stdin"));
      command.addAll(arguments);
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().putAll(settings);
      builder
          .environment()
          .putAll(
              Map.of(
                  "POD_NAME",
                  replica.name(),
                  "POD_UID",
                  replica.uid(),
                  "POD_NAMESPACE",
                  Installation.NAMESPACE,
                  "NODEQOS_HTTP_PORT",
                  "0",
                  "NODEQOS_HTTP_ADMINPORT",
                  "0"));
      return new ControllerRun(builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its log so far. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGTERM, as at the end of a pod; returns the exit code. */
  public int terminate() {
    process.toHandle().destroy();
    return await();
  }

  /** SIGKILL. */
  public void kill() {
    process.destroyForcibly();
    await();
  }

  /** SIGSTOP: nothing of it runs, its connections stay. */
  public void suspend() {
    signal("STOP");
  }

  /** SIGCONT. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("cannot send SIG" + name + "; its log: " + log());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public ProcessHandle process() {
    return process.toHandle();
  }

  /** The answer to the kubelet or a scraper; code 0 when there was none within five seconds. */
  public Probe probe(String path) {
    if (address.isEmpty()) {
      Matcher line = PROBES.matcher(log());
      if (!line.find()) {
        return new Probe(0, "it does not listen yet");
      }
      address = line.group(1);
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + path))
            .timeout(Duration.ofSeconds(5))
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      return new Probe(response.statusCode(), response.body());
    } catch (IOException e) {
      return new Probe(0, e.toString());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public record Probe(int code, String body) {}

  public boolean isReady() {
    return probe("/readyz").code() == 200;
  }

  /** Its metrics for a scraper. */
  public boolean leads() {
    return probe("/metrics")
        .body()
        .lines()
        .anyMatch(line -> line.matches("leader_election_master_status\\{.*} 1(\\.0)?"));
  }

  private int await() {
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("it does not end; its log: " + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }

  /** All lines of the log that say WARN or ERROR. */
  public List<String> complaints() {
    return log().lines().filter(line -> line.contains("WARN") || line.contains("ERROR")).toList();
  }
}
