// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.NodeFixture.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.events.QosEvent;
import io.nodeqos.events.QosEvent.ObjectId;
import io.nodeqos.events.RecentEvents;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.value.Resources;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.qos.Contribution;
import io.nodeqos.qos.QosWorker;
import io.nodeqos.qos.WorkerInput;
import io.nodeqos.qos.WorkerRegistry;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkerReportTest {
  private final RecentEvents events = new RecentEvents(100);
  private final ToggledFence fence = new ToggledFence();
  private final Metrics metrics = Metrics.create(MetricsSettings.DEFAULTS);
  private static final String FAILED =
      "\nqos_worker_duration_seconds_count{worker=\"moody\",result=\"error\",} ";

  private final FakeTime time = new FakeTime();
  private final Moody worker = new Moody();
  private final WorkerRegistry workers =
      WorkerRegistry.of(
          List.of(worker),
          new WorkerReport(
              metrics.qosWorkers(),
              new EventPublisher(events, PolicyFixture.catalog(), fence, time.source()),
              fence,
              time.source()));

  /** Fails on command. */
  private static final class Moody implements QosWorker {
    private boolean broken;

    @Override
    public String name() {
      return "moody";
    }

    @Override
    public int order() {
      return 1;
    }

    @Override
    public Contribution plan(WorkerInput input) {
      if (broken) {
        throw new IllegalStateException("no mood");
      }
      return Contribution.NONE;
    }
  }

  @Test
  void failingWorkerIsOneEventInATermAndTenMinutes() {
    workers.start();
    worker.broken = true;
    plan("before-it-leads");
    fence.open();
    plan("a");
    plan("b");
    time.advance(Duration.ofMinutes(10));
    plan("c");
    plan("d");
    fence.close();
    fence.open();
    plan("e");

    assertEquals(
        List.of(new ObjectId("a", "uid-1"), new ObjectId("c", "uid-1"), new ObjectId("e", "uid-1")),
        events.latest().stream().map(QosEvent::node).toList());
    assertEquals(
        "Worker moody failed: plan: java.lang.IllegalStateException: no mood. The node keeps its"
            + " present configuration.",
        events.latest().get(0).message());
    assertTrue(metrics.scrape(null).text().contains(FAILED + "6.0"), metrics.scrape(null)::text);
  }

  @Test
  void standbyCountsAndPublishesNothing() {
    workers.start();
    worker.broken = true;
    plan("a");

    assertEquals(List.of(), events.latest());
    assertTrue(metrics.scrape(null).text().contains(FAILED + "1.0"), metrics.scrape(null)::text);
  }

  private void plan(String name) {
    workers.plan(
        new WorkerInput(
            node(name).build(),
            ReservedFixture.nothing(),
            CompiledConfig.NONE,
            Optional.empty(),
            Resources.NONE));
  }
}
