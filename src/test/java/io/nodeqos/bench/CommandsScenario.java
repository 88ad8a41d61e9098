// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import static io.nodeqos.bench.BenchedCommand.product;

import io.nodeqos.bench.BenchedCommand.Kind;
import io.nodeqos.e2e.AuditLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The commands that read a whole cluster, or one node of it, each by a JVM of its own: beside a
 * program that only reads the same lists.
 */
final class CommandsScenario implements Scenario {
  private static final double AFTER_LISTS_GOAL_SECONDS = 3;
  private static final double EXPLAIN_GOAL_SECONDS = 1;
  private static final int EXPLAIN_REQUESTS = 5;

  private final Clock clock = Clock.systemUTC();

  @Override
  public String name() {
    return "commands";
  }

  @Override
  public String about() {
    return "plan, explain and dump of a cluster with N nodes, beside a bare list of it";
  }

  @Override
  public Outcome run(Bench bench) throws InterruptedException {
    return Outcome.of(run(bench, Math.max(2, bench.size(5_000, 300)), bench.pick(5, 3)));
  }

  /**
   * Each command so many times, in turns.
   *
   * @param nodes at least two
   */
  List<Sheet> run(Bench bench, int nodes, int rounds) throws InterruptedException {
    try (Rig rig = Rig.start(bench)) {
      Path directory = Files.createTempDirectory("bench-commands-");
      Path policies = directory.resolve("policies.yaml");
      Path dump = directory.resolve("fleet.tar.gz");
      try {
        Files.writeString(policies, CommandsCluster.edits());
        return run(rig, CommandsCluster.make(rig, nodes), policies, dump, rounds);
      } finally {
        Files.deleteIfExists(policies);
        Files.deleteIfExists(dump);
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Sheet> run(Rig rig, CommandsCluster cluster, Path policies, Path dump, int rounds)
      throws InterruptedException {
    Path kubeconfig = rig.plane().kubeconfig();
    BenchedCommand bare = BenchedCommand.bareList(kubeconfig, cluster.nodes());
    BenchedCommand plan =
        product(Kind.PLAN, kubeconfig, cluster.nodes(), "plan", "-f", policies.toString());
    BenchedCommand file =
        product(Kind.DUMP, kubeconfig, cluster.nodes(), "dump", "-o", dump.toString());
    BenchedCommand all =
        product(Kind.EXPLAIN_ALL, kubeconfig, cluster.waiting().size(), "explain", "--all");
    BenchedCommand one =
        product(
            Kind.EXPLAIN_NODE,
            kubeconfig,
            CommandsCluster.OPEN_GATES,
            "explain",
            cluster.waiting().name(0));
    Map<BenchedCommand, Results> results =
        inTurns(rig, List.of(bare, plan, file, all, one), cluster, rounds);
    Controller leader = rig.startReplicas(1, Map.of());
    results.putAll(inTurns(rig, List.of(all.by(leader), one.by(leader)), cluster, rounds));
    rig.end(leader);
    results.forEach((command, result) -> report(command, result, results.get(bare)));
    return results.values().stream().map(Results::sheet).toList();
  }

  /** The runs of one command. */
  private record Results(Sheet sheet, List<MeasuredRun> runs) {
    Percentiles times(Function<MeasuredRun, Duration> time) {
      return Percentiles.of(runs.stream().map(time).toList());
    }

    double medianSeconds(Function<MeasuredRun, Duration> time) {
      return times(time).millis(50) / 1e3;
    }

    double most(ToLongFunction<MeasuredRun> value) {
      return runs.stream().mapToLong(value).max().orElseThrow();
    }

    CommandRun last() {
      return runs.get(runs.size() - 1).run();
    }
  }

  private Map<BenchedCommand, Results> inTurns(
      Rig rig, List<BenchedCommand> commands, CommandsCluster cluster, int rounds)
      throws InterruptedException {
    Map<BenchedCommand, Results> results = new LinkedHashMap<>();
    Map<BenchedCommand, AuditLog> logs = new LinkedHashMap<>();
    for (BenchedCommand command : commands) {
      String setup = cluster.nodes() + " nodes, " + command.label();
      Sheet sheet = Sheet.begin(setup, cluster.nodes(), command.replicas());
      results.put(command, new Results(sheet, new ArrayList<>()));
      logs.put(command, AuditLog.from(rig.plane(), command.kind().userAgent()));
    }
    for (int round = 1; round <= rounds; round++) {
      String turn = "round " + round + "/" + rounds;
      for (BenchedCommand command : commands) {
        rig.progress().step(command.label(), () -> turn);
        // Those of another command with the same user agent.
        logs.get(command).drain(entry -> {});
        rig.audit().drain(entry -> {});
        CommandRun run = CommandRun.of(command.words(), clock);
        var unused = command.kind().result(run);
        results.get(command).runs().add(MeasuredRun.of(run, logs.get(command), rig.audit()));
      }
    }
    return results;
  }

  private static void report(BenchedCommand command, Results results, Results bare) {
    Sheet sheet = results.sheet();
    double bareSeconds = bare.medianSeconds(CommandsScenario::whole);
    double seconds = results.medianSeconds(CommandsScenario::whole);
    double longest = results.times(CommandsScenario::whole).millis(100) / 1e3;
    if (command.kind() == Kind.EXPLAIN_NODE) {
      sheet.atMost(EXPLAIN_GOAL_SECONDS, "exec to end, P50", seconds, "s");
      sheet.figure("exec to end, longest", longest, "s");
      sheet.figure("exec to end over the bare list", seconds / bareSeconds, "");
      if (command.replicas() == 0) {
        sheet.figure(
            "first request to end, P50",
            results.medianSeconds(MeasuredRun::sinceFirstRequest),
            "s");
      }
      sheet.between(0, EXPLAIN_REQUESTS, "requests", (long) results.most(MeasuredRun::requests));
    } else {
      sheet.figure("exec to end, P50", seconds, "s");
      sheet.figure("exec to end, longest", longest, "s");
      if (command.kind() != Kind.BARE_LIST) {
        sheet.figure("exec to end over the bare list", seconds / bareSeconds, "");
      }
      if (command.replicas() == 0) {
        lists(sheet, command, results, bareSeconds);
      }
      sheet.figure("requests", results.most(MeasuredRun::requests), "");
    }
    if (command.kind() != Kind.BARE_LIST && command.replicas() == 0) {
      sheet.figure("requests to look for a replica", results.most(MeasuredRun::search), "");
    }
    sheet.figure("CPU, P50", results.medianSeconds(run -> run.run().cpu()), "s");
    sheet.figure("most resident memory", results.most(run -> run.run().peakKiB()) / 1024, "MiB");
    sheet.figure("most heap in use", results.most(run -> run.run().heapKiB()) / 1024, "MiB");
    sheet.exactly(command.expected(), command.kind().resultName(), command.kind().result(results.last()));
    sheet.exactly(0, "writes", (long) results.most(MeasuredRun::writes));
  }

  private static void lists(
      Sheet sheet, BenchedCommand command, Results results, double bareSeconds) {
    double after = results.medianSeconds(MeasuredRun::sinceRead);
    sheet.figure("exec to last list, P50", results.medianSeconds(MeasuredRun::untilRead), "s");
    if (command.kind() == Kind.PLAN) {
      sheet.atMost(AFTER_LISTS_GOAL_SECONDS, "last list to end, P50", after, "s");
    } else {
      sheet.figure("last list to end, P50", after, "s");
    }
    if (command.kind() != Kind.BARE_LIST) {
      sheet.figure("last list to end over the bare list", after / bareSeconds, "");
    }
  }

  private static Duration whole(MeasuredRun run) {
    return run.run().time();
  }
}
