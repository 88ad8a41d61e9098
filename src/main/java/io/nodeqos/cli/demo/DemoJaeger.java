// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import io.nodeqos.cli.demo.NodeBoard.Phase;
import io.nodeqos.cli.demo.NodeBoard.State;
import io.nodeqos.cli.trace.JaegerQuery;
import io.nodeqos.cli.trace.Trace;
import io.nodeqos.cli.trace.TraceText;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A Jaeger for the time of a demo, by {@code hack/jaeger}. It lives no longer than this process.
 */
final class DemoJaeger implements AutoCloseable {
  private static final String SERVICE = "node-qos-controller";

  /** How many nodes to query: a trace can be lost with its leader. */
  private static final int TRIES = 5;

  private final Path script;
  private final Path directory;
  private final Addresses addresses;

  private DemoJaeger(Path script, Path directory, Addresses addresses) {
    this.script = script;
    this.directory = directory;
    this.addresses = addresses;
  }

  /** Jaeger did not start; the script has printed the reason. */
  static final class NotStarted extends IOException {
    private static final long serialVersionUID = 1L;

    NotStarted(String why) {
      super(why);
    }
  }

  /**
   * Its addresses.
   *
   * @param query user interface and query API
   * @param collector its OTLP/gRPC endpoint for traces
   */
  record Addresses(URI query, URI collector) {
    /** Parses the output of the script. */
    static Addresses of(String output) {
      return new Addresses(
          after("User interface and query API: ", output),
          after("OTEL_EXPORTER_OTLP_ENDPOINT=", output));
    }

    private static URI after(String words, String output) {
      return output
          .lines()
          .filter(line -> line.startsWith(words))
          .map(line -> URI.create(line.substring(words.length())))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no '" + words + "' in: " + output));
    }
  }

  /** Gets Jaeger first if needed; the script reports that on standard error. */
  static DemoJaeger start(Path script, Path directory) throws IOException, InterruptedException {
    Path data = directory.resolve("jaeger");
    String output =
        run(
            List.of(
                script.toString(),
                "up",
                "--dir",
                data.toString(),
                "--owner",
                Long.toString(ProcessHandle.current().pid())));
    return new DemoJaeger(script, data, Addresses.of(output));
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (InputStream out = process.getInputStream()) {
      String output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new NotStarted("no Jaeger for --traces: " + String.join(" ", command) + " failed");
      }
      return output;
    }
  }

  URI query() {
    return addresses.query();
  }

  URI collector() {
    return addresses.collector();
  }

  /** The addresses for the user. */
  List<String> header() {
    return List.of(
        "Jaeger, all traces of the controller: " + query() + "/search?service=" + SERVICE,
        "A Jaeger that was built here, not downloaded, has only the query API, no pages: "
            + query()
            + "/api/traces?service="
            + SERVICE);
  }

  /**
   * Where the time of the slowest warm-up went. To be called a few seconds later: spans are not
   * sent at once. The unsent spans of a killed leader are missing.
   */
  List<String> slowest(List<State> nodes) throws InterruptedException {
    JaegerQuery jaeger = JaegerQuery.at(query());
    List<String> slowest =
        nodes.stream()
            .filter(node -> node.phase() == Phase.WARM)
            .sorted(Comparator.comparingLong(DemoJaeger::nanosToWarm).reversed())
            .limit(TRIES)
            .map(State::name)
            .toList();
    for (String node : slowest) {
      try {
        Optional<Trace> trace = jaeger.warmUp(SERVICE, node, TimeSource.system().wallTime());
        if (trace.isPresent()) {
          return summary(trace.get());
        }
      } catch (IOException e) {
        return List.of("Jaeger does not answer: " + e.getMessage());
      }
    }
    return List.of("Jaeger has no trace of a warm-up.");
  }

  private static long nanosToWarm(State node) {
    return node.times().warmAt() - node.times().since();
  }

  private List<String> summary(Trace trace) {
    List<String> lines = new ArrayList<>();
    lines.add("The slowest warm-up: " + query() + "/trace/" + trace.id());
    lines.add("(by the query API: " + query() + "/api/traces/" + trace.id() + ")");
    lines.add("");
    lines.addAll(TraceText.lines(trace));
    return lines;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    run(List.of(script.toString(), "down", "--dir", directory.toString()));
  }
}
