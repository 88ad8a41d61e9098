// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.commands;

import static io.nodeqos.bench.commands.BenchedCommand.product;

import io.nodeqos.bench.commands.BenchedCommand.Kind;
import io.nodeqos.bench.report.Percentiles;
import io.nodeqos.bench.report.Results;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.Bench;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.bench.scenario.Scenario;
import io.nodeqos.e2e.rig.AuditLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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
public final class CommandsScenario implements Scenario {
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
  public void run(Bench bench, Results results) throws InterruptedException {
    run(bench, results, Math.max(2, bench.size(5_000, 300)), bench.pick(5, 3));
  }

  /**
   * Each command so many times, in turns.
   *
   * @param nodes at least two
   */
  public void run(Bench bench, Results results, int nodes, int rounds) throws InterruptedException {
    try (Rig rig = Rig.start(bench)) {
      Path directory = Files.createTempDirectory("bench-commands-");
      Path policies = directory.resolve("policies.yaml");
      Path dump = directory.resolve("fleet.tar.gz");
      try {
        Files.writeString(policies, CommandsCluster.edits());
        run(rig, results, CommandsCluster.make(rig, nodes), policies, dump, rounds);
      } finally {
        Files.deleteIfExists(policies);
        Files.deleteIfExists(dump);
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(
      Rig rig, Results results, CommandsCluster cluster, Path policies, Path dump, int rounds)
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
    Map<BenchedCommand, Runs> alone =
        inTurns(rig, List.of(bare, plan, file, all, one), cluster, rounds);
    alone.forEach((command, runs) -> results.add(report(command, runs, alone.get(bare))));
    Controller leader = rig.startReplicas(1, Map.of());
    Map<BenchedCommand, Runs> byLeader =
        inTurns(rig, List.of(all.by(leader), one.by(leader)), cluster, rounds);
    Percentiles answers = answers(leader, cluster.waiting().name(0), rounds);
    rig.end(leader);
    byLeader.forEach(
        (command, runs) -> {
          Sheet sheet = report(command, runs, alone.get(bare));
          if (command.kind() == Kind.EXPLAIN_NODE) {
            sheet.figure("GET /explain of the leader, P50", answers.millis(50), "ms");
          }
          results.add(sheet);
        });
  }

  /** Without the start of a JVM for each, as the plug-in for kubectl asks. */
  private static Percentiles answers(Controller leader, String node, int times)
      throws InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(leader.views() + "/explain?node=" + node)).build();
    List<Duration> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      long begin = System.nanoTime();
      try {
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
          throw new IllegalStateException("GET /explain: " + answer.body());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      all.add(Duration.ofNanos(System.nanoTime() - begin));
    }
    return Percentiles.of(all);
  }

  /** The runs of one command. */
  private record Runs(Sheet sheet, List<MeasuredRun> runs) {
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

  private Map<BenchedCommand, Runs> inTurns(
      Rig rig, List<BenchedCommand> commands, CommandsCluster cluster, int rounds)
      throws InterruptedException {
    Map<BenchedCommand, Runs> all = new LinkedHashMap<>();
    Map<BenchedCommand, AuditLog> logs = new LinkedHashMap<>();
    for (BenchedCommand command : commands) {
      String setup = cluster.nodes() + " nodes, " + command.label();
      Sheet sheet = Sheet.begin(setup, cluster.nodes(), command.replicas());
      all.put(command, new Runs(sheet, new ArrayList<>()));
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
        all.get(command).runs().add(MeasuredRun.of(run, logs.get(command), rig.audit()));
      }
    }
    return all;
  }

  private static Sheet report(BenchedCommand command, Runs runs, Runs bare) {
    Sheet sheet = runs.sheet();
    double bareSeconds = bare.medianSeconds(CommandsScenario::whole);
    double seconds = runs.medianSeconds(CommandsScenario::whole);
    double longest = runs.times(CommandsScenario::whole).millis(100) / 1e3;
    if (command.kind() == Kind.EXPLAIN_NODE) {
      sheet.atMost(EXPLAIN_GOAL_SECONDS, "exec to end, P50", seconds, "s");
      sheet.figure("exec to end, longest", longest, "s");
      sheet.cost("exec to end over the bare list", seconds / bareSeconds);
      if (command.replicas() == 0) {
        sheet.figure(
            "first request to end, P50", runs.medianSeconds(MeasuredRun::sinceFirstRequest), "s");
      }
      sheet.between(0, EXPLAIN_REQUESTS, "requests", (long) runs.most(MeasuredRun::requests));
    } else {
      sheet.figure("exec to end, P50", seconds, "s");
      sheet.figure("exec to end, longest", longest, "s");
      if (command.kind() != Kind.BARE_LIST) {
        sheet.cost("exec to end over the bare list", seconds / bareSeconds);
      }
      if (command.replicas() == 0) {
        lists(sheet, command, runs, bareSeconds);
      }
      sheet.cost("requests", runs.most(MeasuredRun::requests));
    }
    if (command.kind() != Kind.BARE_LIST && command.replicas() == 0) {
      sheet.cost("requests to look for a replica", runs.most(MeasuredRun::search));
    }
    sheet.figure("CPU, P50", runs.medianSeconds(run -> run.run().cpu()), "s");
    sheet.figure("most resident memory", runs.most(run -> run.run().peakKiB()) / 1024, "MiB");
    sheet.figure("most heap in use", runs.most(run -> run.run().heapKiB()) / 1024, "MiB");
    Kind kind = command.kind();
    sheet.exactly(command.expected(), kind.resultName(), kind.result(runs.last()));
    sheet.exactly(0, "writes", (long) runs.most(MeasuredRun::writes));
    return sheet;
  }

  private static void lists(Sheet sheet, BenchedCommand command, Runs runs, double bareSeconds) {
    double after = runs.medianSeconds(MeasuredRun::sinceRead);
    sheet.figure("exec to last list, P50", runs.medianSeconds(MeasuredRun::untilRead), "s");
    if (command.kind() == Kind.PLAN) {
      sheet.atMost(AFTER_LISTS_GOAL_SECONDS, "last list to end, P50", after, "s");
    } else {
      sheet.figure("last list to end, P50", after, "s");
    }
    if (command.kind() != Kind.BARE_LIST) {
      sheet.cost("last list to end over the bare list", after / bareSeconds);
    }
  }

  private static Duration whole(MeasuredRun run) {
    return run.run().time();
  }
}
