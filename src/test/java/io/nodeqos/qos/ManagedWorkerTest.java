// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import static io.nodeqos.fixture.PolicyFixture.catalog;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.CapturedLog;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicySnapshot;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told of a worker that is called on the thread of its caller. */
class ManagedWorkerTest {
  private static final Contribution SLICES =
      new Contribution(Map.of("slices", 3), Map.of(), Optional.empty());
  private static final String NO_ROOM =
      "while it does not answer, its sections are removed from nodes such as n1, whose"
          + " configuration is too large with them";

  private final FakeTime time = new FakeTime();
  private final MoodyWorker worker = new MoodyWorker("slices").plans(input -> SLICES);
  private final CapturedLog log = CapturedLog.of(ManagedWorker.class);
  private final Observed observed = new Observed();
  private final ManagedWorker managed =
      new ManagedWorker(
          worker,
          new ManagedWorker.Identity("slices", 15, false),
          WorkerInvoker.INLINE,
          observed,
          time.source());

  /** All that an observer is told. */
  private static final class Observed implements WorkerObserver {
    final List<Run> runs = new ArrayList<>();
    final List<Failure> failures = new ArrayList<>();

    @Override
    public void planned(String worker, Run run) {
      assertEquals("slices", worker);
      runs.add(run);
    }

    @Override
    public void failed(Failure failure) {
      failures.add(failure);
    }
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void planIsTheWorkersAndItsTimesAreReported() {
    managed.start();
    worker.plans(
        input -> {
          time.advance("0.25S");
          useCpu(Duration.ofMillis(5));
          return SLICES;
        });

    assertEquals(Optional.of(SLICES), plan("n1"));

    WorkerObserver.Run run = observed.runs.get(0);
    assertTrue(run.succeeded());
    assertEquals(Duration.ofMillis(250).toNanos(), run.nanos());
    long own = ownCpuNanos();
    long cpu = run.cpuNanos();
    assertTrue(own <= 0 ? cpu == 0 : cpu > 0 && cpu <= own, "of this call: " + cpu);
    assertEquals(
        new WorkerStatus("slices", WorkerStatus.State.RUNNING, 1, 0, Optional.empty()),
        managed.status());
    assertTrue(managed.contributed().hasSection("slices"));
    assertEquals(List.of(), observed.failures);
  }

  @Test
  void workerThatHasNotStartedIsNotAsked() {
    assertEquals(Optional.empty(), plan("n1"));
    assertEquals(0, worker.calls("plan"));
    assertEquals(List.of(), observed.runs);
    assertEquals(WorkerStatus.State.NEW, managed.status().state());
    assertTrue(managed.mayAnswer());
  }

  @Test
  void failureNamesItsNodeUntilTheWorkerAnswersAgain() {
    managed.start();
    worker.plans(
        input -> {
          throw new IllegalStateException("no mood");
        });

    assertEquals(Optional.empty(), plan("n1"));

    WorkerObserver.Run run = observed.runs.get(0);
    assertInstanceOf(IllegalStateException.class, run.failure().orElseThrow());
    String error = "plan: java.lang.IllegalStateException: no mood";
    assertFailed(error, "n1");
    assertEquals(
        new WorkerStatus("slices", WorkerStatus.State.RUNNING, 1, 1, Optional.of(error)),
        managed.status());
    assertEquals(List.of("Worker slices failed: " + error), log.warnings());
    assertEquals(List.of("slices"), log.fields("worker"));

    worker.plans(input -> SLICES);
    assertEquals(Optional.of(SLICES), plan("n1"));
    assertEquals(
        new WorkerStatus("slices", WorkerStatus.State.RUNNING, 2, 1, Optional.empty()),
        managed.status());
  }

  @Test
  void failuresAreLoggedOnceInTenMinutesAndObservedEachTime() {
    managed.start();
    worker.plans(input -> null);
    plan("n1");
    time.advance("9M59S");
    plan("n2");
    assertEquals(1, log.warnings().size());
    time.advance("1S");
    plan("n3");
    assertEquals(2, log.warnings().size());
    assertEquals(3, observed.failures.size());
    assertEquals(3, managed.status().failures());
  }

  @Test
  void contributionThatIsNotAllowedIsAFailure() {
    managed.start();
    Optional<Contribution> planned =
        managed.plan(
            input("n1"),
            contribution -> {
              assertSame(SLICES, contribution);
              throw new PluginProblem("another worker writes the section slices");
            });
    assertEquals(Optional.empty(), planned);
    assertFailed("plan: another worker writes the section slices", "n1");
    assertFalse(observed.runs.get(0).succeeded());
    assertFalse(managed.contributed().hasSection("slices"));
  }

  @Test
  void sectionsWithoutRoomAreToldUntilTheWorkerAnswers() {
    managed.start();
    managed.crowdedOut("n1");
    assertEquals(Optional.of(NO_ROOM), managed.status().error());

    worker.is(WorkerHealth.failing("the slices are uneven"));
    assertEquals(Optional.of("the slices are uneven; " + NO_ROOM), managed.status().error());

    plan("n1");
    assertEquals(Optional.of("the slices are uneven"), managed.status().error());
  }

  @Test
  void sectionsWithoutRoomAreLoggedOnceInTenMinutes() {
    managed.start();
    managed.crowdedOut("n1");
    time.advance("9M59S");
    managed.crowdedOut("n2");
    assertEquals(List.of("Worker slices: " + NO_ROOM), log.warnings());
    assertEquals(List.of("slices"), log.fields("worker"));

    worker.throwIn("updateConfig");
    managed.updateConfig(snapshot());
    assertEquals(2, log.warnings().size(), "a failure is logged all the same");

    time.advance("1S");
    managed.crowdedOut("n3");
    assertEquals(3, log.warnings().size());
  }

  @Test
  void statusThatThrowsIsTheWorkersError() {
    managed.start();
    worker.throwIn("status");
    WorkerStatus status = managed.status();
    assertEquals(Optional.of("status: java.lang.IllegalStateException: no mood"), status.error());
    assertFalse(status.healthy());
    assertEquals(0, status.failures(), "a look at the status is no failure of the work");
  }

  @Test
  void workerThatDoesNotStartIsNeverAskedNorStopped() {
    worker.throwIn("start");
    managed.start();

    String error = "start: java.lang.IllegalStateException: no mood";
    assertEquals(
        new WorkerStatus("slices", WorkerStatus.State.FAILED, 0, 1, Optional.of(error)),
        managed.status());
    assertFalse(managed.mayAnswer());
    assertFailed(error);
    managed.updateConfig(snapshot());
    assertEquals(Optional.empty(), plan("n1"));
    managed.stop();
    assertEquals(WorkerStatus.State.FAILED, managed.status().state());
    assertEquals(List.of("start"), worker.called);
  }

  @Test
  void policiesThatCameBeforeTheStartAreGivenAfterIt() {
    managed.updateConfig(snapshot());
    assertEquals(List.of(), worker.called);
    managed.start();
    assertEquals(List.of("start", "updateConfig"), worker.called);
    managed.updateConfig(snapshot());
    managed.updateConfig(snapshot());
    assertEquals(3, worker.calls("updateConfig"));
  }

  @Test
  void policiesThatAWorkerRefusesAreItsError() {
    worker.throwIn("updateConfig");
    managed.updateConfig(snapshot());
    managed.start();
    String error = "updateConfig: java.lang.IllegalStateException: no mood";
    assertFailed(error);
    assertEquals(
        new WorkerStatus("slices", WorkerStatus.State.RUNNING, 0, 1, Optional.of(error)),
        managed.status());
  }

  @Test
  void stoppedWorkerIsNotAskedAgainAndItsRefusalToStopIsToldOnce() {
    managed.start();
    worker.throwIn("stop");
    managed.stop();
    managed.stop();
    assertEquals(WorkerStatus.State.STOPPED, managed.status().state());
    assertFalse(managed.mayAnswer());
    assertFailed("stop: java.lang.IllegalStateException: no mood");
    assertEquals(Optional.empty(), plan("n1"));
    assertEquals(1, worker.calls("stop"));
  }

  private Optional<Contribution> plan(String node) {
    return managed.plan(input(node), contribution -> {});
  }

  /** The only failure so far; without a node it was not about one. */
  private void assertFailed(String error, String... node) {
    assertEquals(1, observed.failures.size());
    WorkerObserver.Failure failure = observed.failures.get(0);
    assertEquals("slices", failure.worker());
    assertFalse(failure.plugin());
    assertEquals(List.of(node), failure.node().map(NodeView::name).stream().toList());
    assertEquals(error, failure.error());
  }

  private static WorkerInput input(String node) {
    return WorkerInputFixture.input(node, "{'images': [{'ref': 'nginx:1'}]}");
  }

  private static PolicySnapshot snapshot() {
    return catalog().snapshot();
  }

  private static void useCpu(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  /** Zero or less when this JVM does not measure it. */
  private static long ownCpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
