// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import io.nodeqos.cli.demo.DemoSession.Started;
import io.nodeqos.cli.demo.cluster.ControllerProcess;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Follows one demo session to convergence and sums it up. */
final class DemoRun {

  // The last reports follow the marks within 10 s; if they never do, that must show in the
  // counts.
  private static final Duration STATUS_LIMIT = Duration.ofSeconds(15);
  private static final Duration REPLICAS_LIMIT = Duration.ofSeconds(60);
  private static final int LOG_LINES = 15;
  // As a shell and Process report it: 128 plus the signal's number.
  private static final int SIGNALLED = 128;

  /** How the run ended. */
  sealed interface End {
    record Converged(Instant at) implements End {}

    /** {@code why} is a sentence. */
    record Failed(String why) implements End {}

    /** The session was closed meanwhile. */
    record Stopped() implements End {}
  }

  private final DemoOptions options;
  private final DemoScreen screen;
  private final DemoSession session;
  private final Started started;
  private final DemoLog log;
  private final TimeSource time;
  private final LeaderKill kill;

  /**
   * @param time the one by which the API server stamps its request log
   */
  DemoRun(
      DemoOptions options,
      DemoScreen screen,
      DemoSession session,
      Started started,
      TimeSource time) {
    this.options = options;
    this.screen = screen;
    this.session = session;
    this.started = started;
    this.log = new DemoLog(started.cluster().server().requests());
    this.time = time;
    this.kill = new LeaderKill(options.killLeader(), session.leases(), session.controllers(), time);
  }

  /**
   * Follows the nodes until they have converged and were watched for a while after, or have failed
   * to. Empty when the session was closed meanwhile: then there is no reader of the result.
   */
  Optional<DemoSummary> follow() throws InterruptedException {
    long start = time.nanos();
    awaitReplicas(start);
    started.fleet().start();
    End end = converge(start);
    Optional<Instant> converged = Optional.empty();
    if (end instanceof End.Converged done) {
      converged = Optional.of(done.at());
      Instant calmUntil = done.at().plus(DemoSummary.OBSERVATION_PERIOD);
      while (time.wallTime().isBefore(calmUntil) && !session.isClosed()) {
        Thread.sleep(screen.pause().toMillis());
        screen.show(progress(start), "all warm: counting further writes");
      }
    } else if (end instanceof End.Failed failed) {
      screen.print("\nfailed: " + failed.why());
    }
    return session.isClosed() ? Optional.empty() : Optional.of(sumUp(converged, time.wallTime()));
  }

  private DemoSummary sumUp(Optional<Instant> converged, Instant now) {
    log.read();
    return DemoSummary.of(
        new DemoSummary.Recording(
            started.expectation(),
            session.board().nodes(),
            log.entries(),
            new DemoSummary.Leading(session.leases().seen(), kill.done()),
            converged,
            now));
  }

  /**
   * The nodes join a cluster in which the controller runs; if it does not start, the run reports
   * it.
   */
  private void awaitReplicas(long start) throws InterruptedException {
    DemoProgress progress = progress(start);
    while (log.candidateCount() < options.replicas()
        && progress.elapsed().compareTo(REPLICAS_LIMIT) < 0
        && failure(progress).isEmpty()
        && !session.isClosed()) {
      Thread.sleep(screen.pause().toMillis());
      progress = progress(start);
      screen.show(
          progress, "ready replicas: " + log.candidateCount() + " of " + options.replicas());
    }
  }

  private End converge(long start) throws InterruptedException {
    long allWarmSince = 0;
    while (!session.isClosed()) {
      Thread.sleep(screen.pause().toMillis());
      DemoProgress progress = progress(start);
      boolean allWarm = progress.counts().warm() >= progress.expected().warm();
      screen.show(progress, doing(allWarm));
      killLeader(progress);
      if (allWarm && kill.isOver()) {
        allWarmSince = allWarmSince == 0 ? time.nanos() : allWarmSince;
        boolean waitedEnough = time.nanos() - allWarmSince > STATUS_LIMIT.toNanos();
        if (waitedEnough || stuckReport() && policiesReport()) {
          return new End.Converged(time.wallTime());
        }
      }
      Optional<String> failure = failure(progress);
      if (failure.isPresent()) {
        return new End.Failed(failure.get());
      }
    }
    return new End.Stopped();
  }

  private String doing(boolean allWarm) {
    if (!kill.isOver() && kill.done().isPresent()) {
      return "the next leader waits until the Lease expires";
    }
    return allWarm ? "all warm: the last reports follow" : "warming up";
  }

  private void killLeader(DemoProgress progress) {
    kill.check(progress.counts().warm(), progress.expected().warm())
        .ifPresent(
            victim ->
                screen.print(
                    LeaderKill.Done.SIGNAL
                        + " to "
                        + victim.name()
                        + " (process "
                        + victim.pid()
                        + "), the leader"));
  }

  private Optional<String> failure(DemoProgress progress) {
    Optional<ControllerProcess> ended = ended();
    if (ended.isPresent()) {
      return ended.map(
          one ->
              one.name()
                  + " ended with exit code "
                  + one.exitCode().orElse(-1)
                  + "; the end of its log "
                  + one.log()
                  + ":\n"
                  + String.join("\n", lastLines(one)));
    }
    Optional<String> problem = started.fleet().problem();
    if (problem.isPresent()) {
      return Optional.of("the simulated nodes failed: " + problem.get());
    }
    return progress.elapsed().compareTo(options.limit()) > 0
        ? Optional.of("not all expected nodes are warm after " + options.limit().toSeconds() + " s")
        : Optional.empty();
  }

  /**
   * A replica that failed, or any when all have ended; a replica that got a signal ended as
   * planned.
   */
  private Optional<ControllerProcess> ended() {
    List<ControllerProcess> all = session.controllers();
    return all.stream()
        .filter(one -> one.exitCode().orElse(0) > 0 && one.exitCode().orElse(0) < SIGNALLED)
        .findFirst()
        .or(
            () ->
                all.stream().allMatch(one -> one.exitCode().isPresent())
                    ? Optional.of(all.get(0))
                    : Optional.empty());
  }

  private boolean stuckReport() {
    return started.expectation().stuckReport(session.board().nodes());
  }

  private boolean policiesReport() {
    try {
      return started.cluster().policiesReport(started.warmByPolicy());
    } catch (IOException e) {
      // It is retried.
      return false;
    }
  }

  private static List<String> lastLines(ControllerProcess process) {
    try (var lines = Files.lines(process.log())) {
      List<String> all = lines.toList();
      return all.subList(Math.max(0, all.size() - LOG_LINES), all.size());
    } catch (IOException e) {
      return List.of("(" + e + ")");
    }
  }

  private DemoProgress progress(long start) {
    log.read();
    return DemoProgress.of(
        Duration.ofNanos(time.nanos() - start),
        started.expectation(),
        session.board().nodes(),
        new DemoProgress.Control(
            log.nodeWriteCount(),
            session
                .leases()
                .current()
                .map(
                    held ->
                        new DemoProgress.Leader(LeaderTerms.podName(held.holder()), held.epoch())),
            kill.done().flatMap(this::outage)));
  }

  private Optional<DemoProgress.Outage> outage(LeaderKill.Done killed) {
    return DemoFailover.gapSoFar(log.writes(), killed, time.wallTime());
  }
}
