// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The script kubectl-nodeqos, with a kubectl that forwards to a replica of this test. */
class KubectlPluginTest {
  private static final Path SCRIPT = Path.of("hack/plugin/kubectl-nodeqos").toAbsolutePath();

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final Map<String, String> views = new ConcurrentHashMap<>();
  private final Map<String, String> environment = new ConcurrentHashMap<>();
  private int status = 200;
  private HttpServer replica;

  @TempDir Path directory;

  private record Done(int code, String out, String err) {}

  @BeforeEach
  void start() throws IOException {
    replica = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    replica.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().get("Accept"));
          sent.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          byte[] body =
              views.getOrDefault(exchange.getRequestURI().getPath(), "none\n").getBytes(UTF_8);
          exchange.getResponseHeaders().set("Nodeqos-Exit-Code", "5");
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    replica.start();
    environment.put("REPLICA", Integer.toString(replica.getAddress().getPort()));
    environment.put("HOLDER", "qos-0_uid");
    program(
        "kubectl",
        """
        echo "$*" >>"$KUBECTL_LOG"
        case "$*" in
          *"get lease"*)
            [ -n "$HOLDER" ] || { echo 'Error from server (NotFound): leases "x" not found' >&2; exit 1; }
            printf %s "$HOLDER" ;;
          *port-forward*)
            [ -n "$REPLICA" ] || { echo 'error: pods "qos-0" not found' >&2; exit 1; }
            echo "Forwarding from 127.0.0.1:$REPLICA -> 8081"
            exec sleep 60 ;;
        esac
        """);
    environment.put("KUBECTL_LOG", directory.resolve("kubectl.log").toString());
    environment.put("TMPDIR", Files.createDirectory(directory.resolve("tmp")).toString());
  }

  @AfterEach
  void stop() {
    replica.stop(0);
  }

  private void program(String name, String body) throws IOException {
    Path bin = Files.createDirectories(directory.resolve("bin"));
    Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + body);
    assertTrue(file.toFile().setExecutable(true));
  }

  private ProcessBuilder started(Path err, String... arguments) {
    List<String> command = new ArrayList<>(List.of("sh", SCRIPT.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
    builder.environment().putAll(environment);
    builder
        .environment()
        .merge("PATH", "/usr/bin:/bin", (path, rest) -> directory.resolve("bin") + ":" + path);
    return builder;
  }

  private Done run(String... arguments) {
    try {
      Path out = directory.resolve("out");
      Path err = directory.resolve("err");
      Process process = started(err, arguments).redirectOutput(out.toFile()).start();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
      return new Done(process.exitValue(), Files.readString(out), Files.readString(err));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void textOfTheReplicaIsPrinted() throws IOException {
    views.put("/snapshot", "nodes     7 warm\n");
    Done done = run("status", "--context", "prod", "-n", "qos", "--as=alice", "-o", "wide");
    assertEquals("nodes     7 warm\n", done.out(), done::err);
    assertEquals(List.of("/snapshot [text/plain;wide=true]"), asked);
    assertEquals(
        List.of(
            "--context=prod --as=alice get lease node-qos-controller -n qos -o"
                + " jsonpath={.spec.holderIdentity}",
            "--context=prod --as=alice port-forward -n qos pod/qos-0 :8081 --address 127.0.0.1"),
        Files.readAllLines(directory.resolve("kubectl.log")));
    try (var left = Files.list(directory.resolve("tmp"))) {
      assertEquals(0, left.count(), "no file is left");
    }
  }

  @Test
  void exitCodeIsThatOfTheReplica() {
    views.put("/explain", "gpu-1 is not warm\n");
    assertEquals(new Done(5, "gpu-1 is not warm\n", ""), run("explain", "gpu-1"));
    assertEquals(List.of("/explain?node=%67%70%75%2d%31 [text/plain]"), asked);
  }

  @Test
  void policiesArePlannedByTheReplica() throws IOException {
    views.put("/plan", "2 of 9 nodes change\n");
    Path files = Files.createDirectory(directory.resolve("my policies"));
    Files.writeString(files.resolve("a.yaml"), "kind: A\n");
    Files.writeString(files.resolve("b.json"), "{\"kind\": \"B %s\"}");
    Files.writeString(files.resolve("README.md"), "no policy");
    Path other = Files.writeString(directory.resolve("c.yaml"), "kind: C");
    environment.put("NODEQOS", "no-such-program");

    Done done =
        run("plan", "-f", files.toString(), other.toString(), "--delete=old", "--delete", "x");
    assertEquals(new Done(0, "2 of 9 nodes change\n", ""), done);
    assertEquals(
        new Done(5, "2 of 9 nodes change\n", ""),
        run("plan", "-f" + other, "--nodes", "--exit-code", "-o", "wide"));

    assertEquals(
        List.of(
            "/plan?delete=%6f%6c%64%2c%78&origin=" + encoded("the files") + " [text/plain]",
            "/plan?nodes=%74%72%75%65&origin="
                + encoded(other.toString())
                + "&lines=%77%69%64%65 [text/plain;wide=true]"),
        asked);
    assertEquals("kind: A\n---\n{\"kind\": \"B %s\"}\n---\nkind: C\n", sent.get(0));
    assertEquals("kind: C\n", sent.get(1));
  }

  private static String encoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      encoded.append("%%%02x".formatted(each));
    }
    return encoded.toString();
  }

  @Test
  void mistakesOfPoliciesAreLines() throws IOException {
    status = 400;
    views.put("/plan", "{\"error\":\"2 mistakes:\\n  the body: a\\n  the body: b\"}\n");
    Path file = Files.writeString(directory.resolve("c.yaml"), "kind: C");
    environment.put("NODEQOS", "no-such-program");
    assertEquals(
        new Done(2, "", "nodeqos: 2 mistakes:\n  the body: a\n  the body: b\n"),
        run("plan", "-f", file.toString()));
  }

  @Test
  void javaPlansWhereItIs() throws IOException {
    program("nodeqos", "echo java \"$@\"");
    assertEquals("java plan -f a b\n", run("plan", "-f", "a b").out());
    assertEquals(List.of(), asked);
  }

  @Test
  void eventsAreLines() {
    views.put(
        "/events",
        """
        retry: 3000

        id: 0123abcd.1
        event: WARMUP_DONE
        data: {"at":"2026-03-01T10:00:02.512Z","type":"WARMUP_DONE","node":"gpu-1","uid":"u","policy":"base","message":"All \\"gates\\" are open.","observed":false}

        id: 0123abcd.2
        event: WARMUP_LOST
        data: {"at":"2026-03-01T10:00:03Z","type":"WARMUP_LOST","node":"gpu-2","uid":"u","policy":"base","message":"Gone.","observed":true}

        data: {"at":"2026-03-01T10:00:04Z","type":"POLICY_VALID","node":"","uid":"","policy":"base","message":"In force.","observed":false}

        data: {"at":"2026-03-01T10:00:05Z","type":"LEADER_CHANGED","node":"","uid":"","policy":"","message":"qos-1 leads: epoch 2.","observed":false}

        """);
    assertEquals(
        """
        2026-03-01T10:00:02Z   WARMUP_DONE          gpu-1                  All "gates" are open.
        2026-03-01T10:00:03Z   WARMUP_LOST          gpu-2                  Gone.
        2026-03-01T10:00:04Z   POLICY_VALID         policy base            In force.
        2026-03-01T10:00:05Z   LEADER_CHANGED       -                      qos-1 leads: epoch 2.
        """,
        run("events").out());
    assertTrue(
        asked.get(0).startsWith("/events?since=%31%68&follow=%66%61%6c%73%65"), asked::toString);
  }

  @Test
  void watchPrintsEachEventWhenItComes() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    replica.createContext(
        "/events",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange
              .getResponseBody()
              .write(
                  """
                  data: {"at":"2026-03-01T10:00:04Z","type":"WARMUP_DONE","node":"a","uid":"","policy":"b","message":"Done.","observed":false}

                  """
                      .getBytes(UTF_8));
          exchange.getResponseBody().flush();
          awaited(seen);
          exchange.close();
        });
    Process watch = started(directory.resolve("err"), "events", "--watch").start();
    try (BufferedReader lines = watch.inputReader()) {
      assertEquals(
          "2026-03-01T10:00:04Z   WARMUP_DONE          a                      Done.",
          CompletableFuture.supplyAsync(() -> line(lines)).get(60, TimeUnit.SECONDS));
    } finally {
      seen.countDown();
      watch.destroy();
    }
    assertTrue(watch.waitFor(60, TimeUnit.SECONDS), "it ends");
  }

  private static String line(BufferedReader lines) {
    try {
      return lines.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void versionNeedsNothing() {
    environment.put("NODEQOS", "no-such-program");
    assertEquals(new Done(0, "kubectl-nodeqos of-a-checkout\n", ""), run("--version"));
  }

  @Test
  void refusalOfTheReplicaIsASentence() {
    status = 404;
    views.put("/snapshot", "{\"error\":\"There is no node \\\"x\\\" in the cache.\"}\n");
    assertEquals(
        new Done(1, "", "nodeqos: There is no node \"x\" in the cache\n"), run("status", "x"));
  }

  @Test
  void missingReplicaIsASentence() {
    environment.put("REPLICA", "");
    environment.put("NODEQOS", "no-such-program");
    assertEquals(
        new Done(
            1,
            "",
            "nodeqos: no replica answers: pod nodeqos-system/qos-0: pods \"qos-0\" not found\n"),
        run("status"));
  }

  @Test
  void javaAnswersWhenNoReplicaDoes() throws IOException {
    environment.put("HOLDER", "");
    program("nodeqos", "echo java \"$@\"");
    assertEquals(
        "java status --context a -o json\n", run("status", "--context", "a", "-o", "json").out());
  }

  @Test
  void otherVerbsAreThoseOfTheJavaProgram() throws IOException {
    assertEquals(1, run("simulate", "--dump", "f").code());
    program("nodeqos", "echo java \"$@\"");
    assertEquals("java simulate --dump a b\n", run("simulate", "--dump", "a b").out());
    assertEquals(List.of(), asked);
  }

  @Test
  void archiveHasTheSumOfItsManifest() throws Exception {
    Process pack =
        new ProcessBuilder(
                SCRIPT.resolveSibling("pack").toString(),
                "1.2.3",
                directory.toString(),
                "https://example.com/v1.2.3")
            .inheritIO()
            .start();
    assertEquals(0, pack.waitFor());
    byte[] archive = Files.readAllBytes(directory.resolve("kubectl-nodeqos-1.2.3.tar.gz"));
    assertEquals(
        "kubectl-nodeqos 1.2.3\n",
        shell(
            "tar -xzf kubectl-nodeqos-1.2.3.tar.gz && NODEQOS=no-such ./kubectl-nodeqos --version"));
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));
    String manifest = Files.readString(directory.resolve("nodeqos.krew.yaml"));
    assertTrue(manifest.contains("sha256: " + sum + "\n"), manifest);
    assertTrue(
        manifest.contains("uri: https://example.com/v1.2.3/kubectl-nodeqos-1.2.3.tar.gz\n"),
        manifest);
    assertEquals(
        "nodeqos",
        new Yaml().<Map<String, Map<String, String>>>load(manifest).get("metadata").get("name"));
  }

  private String shell(String line) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder("sh", "-c", line)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String out = new String(shell.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, shell.waitFor());
    return out;
  }

  @Test
  void badArgumentsAreSentences() {
    for (String[] arguments :
        List.of(
            new String[] {"status", "--bogus=1"},
            new String[] {"status", "a", "b"},
            new String[] {"status", "-o"},
            new String[] {"status", "-o", "xml"},
            new String[] {"plan"},
            new String[] {"plan", "a.yaml"},
            new String[] {"plan", "-f", "no-such-file"},
            new String[] {"plan", "--delete", "a", "--against", "dump"},
            new String[] {"--context", "a", "status"},
            new String[] {"history"})) {
      Done done = run(arguments);
      assertEquals(2, done.code(), done::err);
      assertEquals(
          List.of("Run 'kubectl nodeqos --help'"), done.err().lines().skip(1).toList(), done::err);
    }
    assertEquals(0, run("status", "--help").code());
  }
}
