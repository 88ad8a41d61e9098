// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.report.Percentiles;
import io.nodeqos.bench.report.Results;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.Bench;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.ControllerJvm;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.bench.rig.Tally;
import io.nodeqos.e2e.rig.Replica;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** From the start of a process until it is ready, with an archive of its classes and without. */
public final class StartScenario implements Scenario {
  private static final double READY_GOAL_SECONDS = 2.5;
  private static final double PROCESS_GOAL_SECONDS = 0.45;
  private static final double CPU_GOAL_SECONDS = 2.35;
  private static final long LIMIT_SECONDS = 120;
  private static final long PAUSE_MILLIS = 5;

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String about() {
    return "from exec to ready with N nodes, with and without an archive of the classes";
  }

  @Override
  public void run(Bench bench, Results results) throws InterruptedException {
    int nodes = bench.size(5_000, 300);
    int times = bench.pick(10, 3);
    try (Rig rig = Rig.start(bench)) {
      Fleet fleet = ConvergedFleet.make(rig, nodes);
      FirstWrite first = FirstWrite.prepare(rig);
      ControllerJvm jvm = ControllerJvm.ofDeployment();
      results.add(starts(rig, fleet, first, jvm, "archive", times));
      results.add(starts(rig, fleet, first, jvm.withoutArchive(), "no archive", times));
    }
  }

  private static Sheet starts(
      Rig rig, Fleet fleet, FirstWrite first, ControllerJvm jvm, String how, int times)
      throws InterruptedException {
    Sheet sheet = Sheet.begin(fleet.size() + " nodes, " + how, fleet.size(), 1);
    rig.audit().drain(entry -> {});
    List<Duration> listening = new ArrayList<>();
    List<Duration> ready = new ArrayList<>();
    List<Duration> written = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      int number = i;
      rig.progress().step("starting with " + how, () -> number + "/" + times);
      Replica pod = rig.pod();
      first.expect();
      long begin = System.nanoTime();
      Controller controller = rig.startAgain(pod, jvm, Map.of(), rig.plane().server());
      listening.add(since(begin, controller, "Listening on "));
      ready.add(since(begin, controller, "Ready: "));
      written.add(first.await(controller));
      rig.end(controller);
    }
    Percentiles process = Percentiles.of(listening);
    Percentiles all = Percentiles.of(ready);
    if (jvm.hasArchive()) {
      sheet.atMost(PROCESS_GOAL_SECONDS, "exec to listening, P50", process.millis(50) / 1e3, "s");
      sheet.atMost(READY_GOAL_SECONDS, "exec to ready, P50", all.millis(50) / 1e3, "s");
      sheet.exactly(1, "archive in use", isInUse(rig, jvm) ? 1 : 0);
    } else {
      sheet.figure("exec to listening, P50", process.millis(50) / 1e3, "s");
      sheet.figure("exec to ready, P50", all.millis(50) / 1e3, "s");
    }
    sheet.figure("exec to ready, longest", all.millis(100) / 1e3, "s");
    sheet.atMost(
        CPU_GOAL_SECONDS,
        "CPU from exec to the first write, P50",
        Percentiles.of(written).millis(50) / 1e3,
        "s");
    Tally tally = Tally.of(fleet.prefix()).read(rig.audit());
    sheet.exactly(0, "writes to nodes", tally.writes());
    return sheet;
  }

  /** Until it says so in its log. */
  private static Duration since(long begin, Controller controller, String line)
      throws InterruptedException {
    long end = begin + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!controller.run().log().contains(line)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("it does not start; its log: " + controller.run().log());
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  /** Whether a class of ours came from the archive, by the JVM's own log. */
  private static boolean isInUse(Rig rig, ControllerJvm jvm) throws InterruptedException {
    try {
      Path log = Files.createTempFile("classes-", ".log");
      Controller controller = rig.start(jvm.with("-Xlog:class+load:file=" + log), Map.of());
      var unused = since(System.nanoTime(), controller, "Ready: ");
      rig.end(controller);
      try (Stream<String> lines = Files.lines(log)) {
        return lines.anyMatch(
            line -> line.contains(" io.nodeqos.app.App ") && line.contains("(top)"));
      } finally {
        Files.delete(log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
