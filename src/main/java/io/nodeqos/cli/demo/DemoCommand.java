// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import io.nodeqos.cli.OptionalCommand;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.demo.cluster.RunDirectory;
import io.nodeqos.cli.demo.rollout.RolloutDemo;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nodeqos demo}: the whole controller on one machine, with this program only. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the configuration and warm-up of nodes on this machine only. It runs an embedded Kubernetes"
          + " API, simulated nodes that join over time, and the controller as a process of its own.",
      "",
      "One node is stuck on purpose: its network agent never becomes Ready. The controller must"
          + " report it as waiting, with the reason; it must not become warm.",
      "",
      "There are three replicas of the controller. When half of the nodes are warm, the demo kills"
          + " the leader (SIGKILL), and another replica takes over. The lease duration is 6 s here.",
      "",
      "With --rollout it shows two changes of a policy instead. Both go out step by step, to 1 node,"
          + " 10 %%, 50 %% and then all. Each node has an agent. All agents can apply the first change."
          + " Those of every tenth node cannot apply the second one, and say so: the controller must"
          + " take it back. The summary has for each (rollout.good, rollout.bad): phase, step, steps,"
          + " updatedAtMost (the most nodes with the change at once), rolledBack (nodes that got the"
          + " revision before it back) and flaps (nodes that changed more often than that).",
      "",
      "The time limit is 2 minutes and 100 ms for each node. Ctrl-C ends all started processes."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:All expected nodes are warm, and no replica wrote after its term."
          + " With --rollout: the good change is on all nodes, and the bad one was taken back.",
      "1:Otherwise, or after a failure.",
      "2:Bad arguments."
    })
public final class DemoCommand implements OptionalCommand {

  private static final int MAX_NODES = 50_000;
  private static final int MAX_REPLICAS = 9;

  @Spec private CommandSpec spec;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "200",
      description = "How many nodes join (default ${DEFAULT-VALUE}).")
  private int nodes;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the nodes and their delays (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--replicas",
      paramLabel = "R",
      defaultValue = "3",
      description = "How many replicas of the controller run (default ${DEFAULT-VALUE}).")
  private int replicas;

  // Null when neither option is given.
  @Option(
      names = "--kill-leader",
      negatable = true,
      description =
          "Kill the leader when half of the nodes are warm (default: with more than one replica).")
  private Boolean killLeader;

  @Option(
      names = "--rollout",
      description = "Show a good and a bad change of a policy instead, step by step.")
  private boolean rollout;

  @Option(names = "--stay", description = "Keep all processes running at the end, for kubectl.")
  private boolean stay;

  @Option(
      names = "--traces",
      description =
          "Start a Jaeger (built once, in some minutes, where it cannot be downloaded), send all traces"
              + " to it, and show at the end where the time of the slowest warm-up went. Jaeger ends"
              + " with the demo; --stay keeps it.")
  private boolean traces;

  @Option(
      names = "--summary",
      paramLabel = "FILE",
      description = "Write the result to this file, as JSON.")
  private Path summary;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (nodes < 1 || nodes > MAX_NODES) {
      throw new ParameterException(
          spec.commandLine(), "--nodes is " + nodes + ", must be from 1 to " + MAX_NODES);
    }
    if (replicas < 1 || replicas > MAX_REPLICAS) {
      throw new ParameterException(
          spec.commandLine(), "--replicas is " + replicas + ", must be from 1 to " + MAX_REPLICAS);
    }
    if (replicas == 1 && Boolean.TRUE.equals(killLeader)) {
      throw new ParameterException(
          spec.commandLine(), "--kill-leader needs another replica that takes over: --replicas 2");
    }
    if (summary != null && !canBeWritten(summary.toAbsolutePath())) {
      throw new ParameterException(
          spec.commandLine(), "--summary " + summary + " is not a file that can be written");
    }
    if (rollout) {
      return rollout();
    }
    Optional<Path> jaeger = traces ? Optional.of(jaegerScript()) : Optional.empty();
    DemoScreen screen = DemoScreen.standard(System.out, System.getenv());
    RunDirectory directory = RunDirectory.create("node-qos-demo-");
    try (DemoSession session = new DemoSession(directory.path())) {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> end(session, directory), "demo shutdown"));
      int exitCode = run(session, screen, jaeger);
      if (exitCode != CommandLine.ExitCode.OK && !session.isClosed()) {
        directory.keep();
        screen.print("The logs are in " + directory.path());
      }
      return exitCode;
    } catch (DemoJaeger.NotStarted e) {
      throw CommandException.failed("NoJaeger", e.getMessage()).causedBy(e);
    }
  }

  private int rollout() throws IOException, InterruptedException {
    if (nodes < RolloutDemo.MIN_NODES) {
      throw new ParameterException(
          spec.commandLine(),
          "--nodes is "
              + nodes
              + ", must be at least "
              + RolloutDemo.MIN_NODES
              + " with --rollout");
    }
    if (traces || Boolean.TRUE.equals(killLeader)) {
      throw new ParameterException(
          spec.commandLine(), "--rollout does not go with --traces or --kill-leader");
    }
    return new RolloutDemo(nodes, seed, replicas, stay, Optional.ofNullable(summary))
            .run(System.out::println)
        ? CommandLine.ExitCode.OK
        : CommandLine.ExitCode.SOFTWARE;
  }

  private static void end(DemoSession session, RunDirectory directory) {
    session.close();
    directory.end();
  }

  private int run(DemoSession session, DemoScreen screen, Optional<Path> jaeger)
      throws IOException, InterruptedException {
    DemoOptions options =
        new DemoOptions(
            nodes, seed, stay, replicas, killLeader == null ? replicas > 1 : killLeader, jaeger);
    DemoSession.Started started = session.start(options);
    Expectation expected = started.expectation();
    DemoTable.header(options, session, expected).forEach(screen::print);
    Optional<DemoSummary> result =
        new DemoRun(options, screen, session, started, TimeSource.system()).follow();
    if (result.isEmpty()) {
      return CommandLine.ExitCode.SOFTWARE;
    }
    screen.print("");
    DemoTable.lines(result.get(), expected.stuck()).forEach(screen::print);
    if (summary != null) {
      Files.writeString(summary, result.get().toJson());
    }
    if (session.jaeger().isPresent()) {
      screen.print("");
      session.jaeger().get().slowest(session.board().nodes()).forEach(screen::print);
    }
    screen.print("");
    DemoTable.lookFurther(session, expected.stuck(), stay).forEach(screen::print);
    if (stay) {
      // Until Ctrl-C ends the process.
      new CountDownLatch(1).await();
    }
    return result.get().asExpected() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  /** The scripts of {@code hack/} set their location. */
  private Path jaegerScript() {
    String scripts = System.getProperty("nodeqos.hack");
    if (scripts == null) {
      throw new ParameterException(
          spec.commandLine(), "--traces needs the script hack/jaeger: use hack/demo --traces");
    }
    return Path.of(scripts, "jaeger").toAbsolutePath();
  }

  private static boolean canBeWritten(Path file) {
    return Files.exists(file)
        ? Files.isRegularFile(file) && Files.isWritable(file)
        : Files.isWritable(file.getParent());
  }
}
