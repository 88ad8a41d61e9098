// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import io.nodeqos.bench.report.BenchJson;
import io.nodeqos.bench.report.BenchPlot;
import io.nodeqos.bench.report.BenchTable;
import io.nodeqos.bench.report.Chart;
import io.nodeqos.bench.report.Machine;
import io.nodeqos.bench.report.Progress;
import io.nodeqos.bench.report.Results;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.Bench;
import io.nodeqos.bench.saved.CompareCommand;
import io.nodeqos.bench.saved.TableCommand;
import io.nodeqos.bench.scenario.Scenario;
import io.nodeqos.realapi.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    subcommands = {CompareCommand.class, TableCommand.class},
    description = {
      "Measures the controller on a real etcd and kube-apiserver of its own, with Nodes of 20 KB."
          + " What counts is what an outside watch and the server's audit log show.",
      "",
      "SCENARIO is all, or one of:",
      "${SCENARIOS}",
      "",
      "A part of a scenario that fails ends that scenario: the results of the parts before it are"
          + " kept, and the next scenario goes on.",
      ""
    },
    footer = {
      "",
      "hack/bench ... --jdk HOME runs all of it with the Java of another JDK, which the results name."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:It ran, and all counts are right; with --check all goals are met, too.",
      "1:A count is wrong (a write too many, a flap, ...), or something failed.",
      "2:Bad arguments."
    })
public final class BenchCommand implements Callable<Integer> {
  private static final int MAX_NODES = 200_000;
  private static final int MAX_MINUTES = 7 * 24 * 60;
  private static final String ALL = "all";

  private final Clock clock = Clock.systemUTC();

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SCENARIO", arity = "0..1", description = "What to measure.")
  private String scenario;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "How many nodes, instead of the scenario's own numbers.")
  private Integer nodes;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "How long soak lasts, instead of 30 minutes.")
  private Integer minutes;

  @Option(
      names = "--full",
      description =
          "In failover more rounds, and rounds with SIGSTOP, restarts of the API server and resets of"
              + " all connections.")
  private boolean full;

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
    complain(e);
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static void complain(Throwable e) {
    System.err.println("hack/bench: " + e);
    for (StackTraceElement at : e.getStackTrace()) {
      if (at.getClassName().startsWith("io.nodeqos.bench")) {
        System.err.println("  at " + at);
      }
    }
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Scenario> chosen = chosen();
    if (nodes != null && (nodes < 1 || nodes > MAX_NODES)) {
      throw bad("--nodes %d is not a number from 1 to %d".formatted(nodes, MAX_NODES));
    }
    if (minutes != null && (minutes < 1 || minutes > MAX_MINUTES)) {
      throw bad("--minutes %d is not a number from 1 to %d".formatted(minutes, MAX_MINUTES));
    }
    Machine machine = Machine.here();
    Map<String, List<Sheet>> results = new LinkedHashMap<>();
    Map<String, String> failures = new LinkedHashMap<>();
    try (Progress progress = Progress.start()) {
      Bench bench =
          new Bench(given(nodes), given(minutes), quick, full, progress, ControlPlane::start);
      for (Scenario one : chosen) {
        progress.scenario(one.name());
        Results parts = new Results();
        run(one, bench, parts).ifPresent(why -> failures.put(one.name(), why));
        progress.step("");
        results.put(one.name(), parts.sheets());
        System.out.println(BenchTable.of(one.name(), parts.sheets()));
        draw(parts.charts());
        if (json != null) {
          Files.writeString(json, BenchJson.of(machine, clock.instant(), quick, results, failures));
        }
      }
    }
    System.out.printf(
        "%d cores (%s), %d MiB; API server, etcd, controller, watcher and bare writer share them. %s.%n",
        machine.cores(), machine.cpu(), machine.memoryMiB(), machine.java());
    failures.forEach(
        (name, why) ->
            System.err.printf(
                "hack/bench: %s failed; %d of its parts were over before: %s%n",
                name, results.get(name).size(), why));
    return failures.isEmpty() ? exitCode(results) : CommandLine.ExitCode.SOFTWARE;
  }

  private static OptionalInt given(Integer number) {
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** The reason when it fails; the results of its parts so far stay. */
  static Optional<String> run(Scenario scenario, Bench bench, Results results)
      throws InterruptedException {
    try {
      scenario.run(bench, results);
      return Optional.empty();
    } catch (AssertionError | RuntimeException e) {
      complain(e);
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private List<Scenario> chosen() {
    if (scenario == null) {
      throw bad("a SCENARIO is missing: it is one of " + names());
    }
    if (scenario.equals(ALL)) {
      return Scenarios.ALL;
    }
    return List.of(
        Scenarios.named(scenario)
            .orElseThrow(
                () ->
                    bad("SCENARIO %s is not known; it is one of %s".formatted(scenario, names()))));
  }

  private static String names() {
    return Scenarios.ALL.stream()
        .map(Scenario::name)
        .collect(Collectors.joining(", ", ALL + ", ", ""));
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
