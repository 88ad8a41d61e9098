// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import io.nodeqos.bench.Scenario.Outcome;
import io.nodeqos.realapi.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hack/bench}. */
@Command(
    name = "hack/bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures the controller on a real etcd and kube-apiserver of its own, with Nodes of 20 KB."
          + " What counts is what an outside watch and the server's audit log show.",
      "",
      "SCENARIO is all, or one of:",
      "${SCENARIOS}",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:It ran, and all counts are right; with --check all goals are met, too.",
      "1:A count is wrong (a write too many, a flap, ...), or something failed.",
      "2:Bad arguments."
    })
final class BenchCommand implements Callable<Integer> {
  private static final int MAX_NODES = 200_000;
  private static final String ALL = "all";

  private final Clock clock = Clock.systemUTC();

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SCENARIO", description = "What to measure.")
  private String scenario;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "How many nodes, instead of the scenario's own numbers.")
  private Integer nodes;

  @Option(names = "--quick", description = "Small numbers: all scenarios in under 15 minutes.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON.")
  private Path json;

  @Option(
      names = "--svg",
      paramLabel = "DIR",
      description = "Write pictures into this folder (default: target/bench).")
  private Path svg = Path.of("target", "bench");

  @Option(names = "--check", description = "A goal that is not met is exit code 1 as well.")
  private boolean check;

  public static void main(String[] args) {
    // picocli reads variables of help texts from system properties.
    System.setProperty(
        "SCENARIOS",
        Scenarios.ALL.stream()
            .map(s -> String.format("  %-10s %s", s.name(), s.about()))
            .collect(Collectors.joining("%n")));
    System.exit(
        new CommandLine(new BenchCommand())
            .setExecutionExceptionHandler(BenchCommand::failed)
            .execute(args));
  }

  private static int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    System.err.println("hack/bench: " + e);
    for (StackTraceElement at : e.getStackTrace()) {
      if (at.getClassName().startsWith("io.nodeqos.bench")) {
        System.err.println("  at " + at);
      }
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Scenario> chosen = chosen();
    if (nodes != null && (nodes < 1 || nodes > MAX_NODES)) {
      throw bad("--nodes %d is not a number from 1 to %d".formatted(nodes, MAX_NODES));
    }
    Machine machine = Machine.here();
    Map<String, List<Sheet>> results = new LinkedHashMap<>();
    try (Progress progress = Progress.to(System.err)) {
      OptionalInt size = nodes == null ? OptionalInt.empty() : OptionalInt.of(nodes);
      Bench bench = new Bench(size, quick, progress, ControlPlane::start);
      for (Scenario one : chosen) {
        progress.scenario(one.name());
        Outcome outcome = run(one, bench);
        progress.step("");
        results.put(one.name(), outcome.sheets());
        System.out.println(BenchTable.of(one.name(), outcome.sheets()));
        draw(outcome.charts());
        // What is there is kept when a later scenario fails.
        if (json != null) {
          Files.writeString(json, BenchJson.of(machine, clock.instant(), quick, results));
        }
      }
    }
    System.out.printf(
        "%d cores (%s), %d MiB; API server, etcd, controller, watcher and bare writer share them.%n",
        machine.cores(), machine.cpu(), machine.memoryMiB());
    return exitCode(results);
  }

  /** A failed assertion is an Error, which would otherwise end the command without a sentence. */
  private static Outcome run(Scenario scenario, Bench bench) throws InterruptedException {
    try {
      return scenario.run(bench);
    } catch (AssertionError e) {
      throw new IllegalStateException(scenario.name() + ": " + e.getMessage(), e);
    }
  }

  private List<Scenario> chosen() {
    if (scenario.equals(ALL)) {
      return Scenarios.ALL;
    }
    return List.of(
        Scenarios.named(scenario)
            .orElseThrow(
                () ->
                    bad(
                        "SCENARIO %s is not known; it is one of %s"
                            .formatted(
                                scenario,
                                Scenarios.ALL.stream()
                                    .map(Scenario::name)
                                    .collect(Collectors.joining(", ", "all, ", ""))))));
  }

  private ParameterException bad(String message) {
    return new ParameterException(spec.commandLine(), "hack/bench: " + message + ".");
  }

  private void draw(List<Chart> charts) throws IOException {
    for (Chart chart : charts) {
      Path file = Files.createDirectories(svg).resolve(chart.name() + ".svg");
      Files.writeString(file, BenchPlot.svg(chart));
      System.out.println("Picture: " + file);
    }
  }

  private int exitCode(Map<String, List<Sheet>> results) {
    List<Sheet> all = results.values().stream().flatMap(List::stream).toList();
    boolean wrong = all.stream().anyMatch(Sheet::wrong);
    boolean missed = check && all.stream().anyMatch(Sheet::missed);
    return wrong || missed ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
  }
}
