// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import io.nodeqos.cli.OptionalCommand;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.cli.command.Terminal;
import io.nodeqos.cli.command.Version;
import io.nodeqos.cli.simulate.ExpectationCheck.Outcome;
import io.nodeqos.cli.simulate.SimulationInput.Course;
import io.nodeqos.cli.simulate.SimulationInput.Joins;
import io.nodeqos.cli.simulate.cluster.CacheFeed;
import io.nodeqos.cli.simulate.cluster.ClusterObjects;
import io.nodeqos.cli.simulate.cluster.SnapshotObjects;
import io.nodeqos.cli.simulate.cluster.VirtualCluster;
import io.nodeqos.cli.simulate.cluster.VirtualCluster.Installation;
import io.nodeqos.kube.dump.Dump;
import io.nodeqos.kube.dump.DumpException;
import io.nodeqos.kube.dump.DumpReader;
import io.nodeqos.node.Keys;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.sim.fleet.FleetTimings;
import io.nodeqos.telemetry.logging.LogSettings;
import io.nodeqos.telemetry.logging.Logging;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nodeqos simulate}: policies against a fleet in virtual time. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Lets policies act on a fleet in virtual time, without a cluster. The controller's own"
          + " classes decide, write and limit their rate, on the objects of a dump or on made-up"
          + " nodes, with simulated kubelets. The same input gives the same output.",
      "",
      "CEL rules of the CustomResourceDefinition are not checked; an API server checks them."
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":All is as expected.",
      ExitCodes.FAILED + ":It could not be run.",
      ExitCodes.BAD_INPUT + ":Bad arguments, or a dump, policy or expectation file is not usable.",
      ExitCodes.WARNINGS + ":An expectation failed; without --expect, there is a warning."
    })
public final class SimulateCommand implements OptionalCommand {
  private static final String NAMESPACE = "nodeqos-system";
  private static final Instant MADE_UP_START = Instant.parse("2026-01-01T00:00:00Z");

  @Spec private CommandSpec spec;

  @Mixin private OutputOptions output;

  @ArgGroup(multiplicity = "1")
  private Source source;

  static final class Source {
    @Option(
        names = "--dump",
        paramLabel = "FILE",
        required = true,
        description = "The fleet of a dump (nodeqos dump).")
    private Path dump;

    @Option(
        names = "--nodes",
        paramLabel = "N[,MIX]",
        required = true,
        description =
            "So many made-up nodes, such as 5000 or 5000,gpu=20%%,stuck=3: a share in the pool gpu"
                + " (label nodeqos.io/demo-pool), and nodes whose network agent is never Ready.")
    private String nodes;
  }

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description =
          "Policies to apply at the start: a file, a directory, or - for standard input; may be"
              + " repeated.")
  private List<String> files = List.of();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "How long it runs, in virtual time (default 10m).")
  private String length = "10m";

  @Option(
      names = "--join",
      paramLabel = "N@RATE/s",
      description = "Nodes that join from the start on, like the present ones: 500@20/s.")
  private String join = "";

  @Option(
      names = "--what-if",
      paramLabel = "QUESTION",
      description =
          "At the end: agent=DAEMONSET[,LABEL=VALUE] (its pods fail), restart (of all replicas) or"
              + " delete=POLICY; may be repeated.")
  private List<String> questions = List.of();

  @Option(names = "--expect", paramLabel = "FILE", description = "Expectations, see the docs.")
  private Path expect;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Write the outcome of the expectations to this file, as JUnit's XML.")
  private Path junit;

  @Option(
      names = "--settings",
      paramLabel = "FILE",
      description = "The controller's settings (default those of the dump).")
  private Path settings;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of all delays (default 1).")
  private long seed = 1;

  @Option(
      names = "--register-with-taint",
      paramLabel = "KEY",
      description =
          "The startup taint that the kubelets of new nodes set, none for no taint (default"
              + " nodeqos.io/warming-up).")
  private String startupTaint = Keys.STARTUP_TAINT;

  @Option(
      names = "--node-ready",
      paramLabel = "MIN..MAX",
      description = "From a new node's registration to Ready (default 5s..30s).")
  private String nodeReady = "5s..30s";

  @Option(
      names = "--image-pull",
      paramLabel = "MIN..MAX",
      description = "The pull of one image (default 1s..10s).")
  private String imagePull = "1s..10s";

  @Option(
      names = "--pod-ready",
      paramLabel = "MIN..MAX",
      description = "From the start of a pod's containers to Ready (default 1s..10s).")
  private String podReady = "1s..10s";

  @Option(
      names = "--driver-ready",
      paramLabel = "MIN..MAX",
      description = "From a storage agent's Ready to the driver in the CSINode (default 1s..3s).")
  private String driverReady = "1s..3s";

  @Override
  public Integer call() throws IOException {
    TimeSource real = TimeSource.system();
    long began = real.nanos();
    // The controller logs as it would; here its log is the report.
    Logging.level(LogSettings.Level.ERROR);
    // Built-in workers measure their CPU time, which costs more than their work.
    ManagementFactory.getThreadMXBean().setThreadCpuTimeEnabled(false);
    List<WhatIf> whatIfs = arguments(() -> questions.stream().map(Questions::parse).toList());
    List<Expectation> expectations = expect == null ? List.of() : InputFiles.expectations(expect);
    if (junit != null && expect == null) {
      throw new ParameterException(spec.commandLine(), "--junit needs --expect");
    }
    if (junit != null && !Files.isWritable(junit.toAbsolutePath().getParent())) {
      throw new ParameterException(
          spec.commandLine(), "--junit " + junit + " is not a file that can be written");
    }
    SimulationInput input = input();
    Questions.check(whatIfs, input);
    Simulation simulation = new Simulation(input);
    ProgressLine progress =
        ProgressLine.of(
            spec.commandLine().getErr(), Terminal.standard().isInteractive(), TimeSource.system());
    SimulationResult result;
    List<WhatIf.Answer> answers;
    try {
      VirtualCluster cluster = simulation.cluster();
      progress.phase("", simulation.length());
      cluster.followedBy(progress);
      result = simulation.run(cluster);
      answers = WhatIfRun.answers(whatIfs, simulation, cluster, progress);
    } finally {
      progress.clear();
    }
    List<Outcome> outcomes = new ExpectationCheck(result).check(expectations);
    SimulationReport report =
        new SimulationReport(
            result,
            answers,
            expect == null ? "" : expect.toString(),
            outcomes,
            input.notes(),
            seed,
            real.since(began));
    if (junit != null) {
      Files.writeString(junit, JunitReport.xml(expect.toString(), outcomes));
    }
    output.print("Simulation", report::toJson, new SimulationText(report)::lines);
    return report.asExpected() ? ExitCodes.DONE : ExitCodes.WARNINGS;
  }

  private SimulationInput input() {
    FleetTimings timings =
        arguments(
            () ->
                new FleetTimings(
                    OptionValues.range("--node-ready", nodeReady),
                    OptionValues.range("--image-pull", imagePull),
                    OptionValues.range("--pod-ready", podReady),
                    OptionValues.range("--driver-ready", driverReady)));
    Course course =
        arguments(
            () ->
                new Course(
                    OptionValues.duration("--for", length),
                    join.isEmpty() ? Joins.NONE : OptionValues.joins(join),
                    timings,
                    OptionValues.startupTaint(startupTaint),
                    seed));
    Optional<Dump> dump = dump();
    Optional<ClusterSnapshot> snapshot = dump.map(Dump::snapshot);
    String namespace = snapshot.map(s -> s.controller().namespace()).orElse(NAMESPACE);
    ClusterObjects objects =
        snapshot
            .map(SnapshotObjects::of)
            .orElseGet(
                () ->
                    ClusterObjects.madeUp(
                        arguments(() -> OptionValues.fleet(source.nodes, timings, seed)),
                        namespace,
                        MADE_UP_START));
    if (objects.in(CacheFeed.NODES).isEmpty()) {
      throw CommandException.badInput("NoNodes", "the dump " + source.dump + " has no nodes");
    }
    return new SimulationInput(
        objects,
        new Installation(
            namespace,
            InputFiles.settings(
                Optional.ofNullable(settings), snapshot.flatMap(s -> s.controller().settings()))),
        InputFiles.crd(),
        InputFiles.policies(files, System.in),
        course,
        dump.map(d -> d.info().notes(Version.current())).orElse(List.of()));
  }

  private Optional<Dump> dump() {
    if (source.dump == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new DumpReader(source.dump).read());
    } catch (DumpException e) {
      throw CommandException.badInput("BadDump", e.getMessage()).causedBy(e);
    }
  }

  private interface Parsed<T> {
    T get();
  }

  private <T> T arguments(Parsed<T> parsed) {
    try {
      return parsed.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
