// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.leader;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.election.Fence;
import io.nodeqos.election.Leadership;
import io.nodeqos.election.LeadershipListener;
import io.nodeqos.election.LeadershipStatus;
import io.nodeqos.election.ReleaseResult;
import io.nodeqos.fixture.FakePauses;
import io.nodeqos.kube.client.UnansweredWrites;
import io.nodeqos.queue.Backoff;
import io.nodeqos.queue.BackoffSettings;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.telemetry.metrics.MetricsSettings;
import io.nodeqos.telemetry.metrics.WorkQueueMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HandOverTest {
  private static final Duration ON_THE_WAY = Duration.ofSeconds(2);

  private final FakePauses clocks = new FakePauses();
  private final UnansweredWrites unanswered =
      new UnansweredWrites(clocks.time.source(), ON_THE_WAY);
  private final WorkQueueMetrics metrics =
      Metrics.create(MetricsSettings.DEFAULTS).workQueue("nodes");
  private final List<String> done = new ArrayList<>();
  private final CountDownLatch stopping = new CountDownLatch(1);

  @Test
  void leaseIsReleasedAtOnceWhenAllWritesWereAnswered() throws InterruptedException {
    handOver(idle());
    assertEquals(List.of("no new work", "release", "close"), done);
    assertEquals(List.of(), clocks.sleeps);
  }

  @Test
  void leaseIsReleasedAfterTheTimeOfAWriteWithoutAnAnswer() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    KeyedQueue queue = queue();
    WorkerPool writers =
        pool(
            queue,
            item -> {
              begun.countDown();
              stopping.await();
              unanswered.add();
              return Outcome.done();
            });
    writers.start();
    queue.add("n1");
    begun.await();
    clocks.onSleep = () -> done.add("slept");

    handOver(writers);

    assertEquals(List.of("no new work", "slept", "release", "close"), done);
    assertEquals(List.of(ON_THE_WAY), clocks.sleeps);
  }

  @Test
  void writeThatMustHaveEndedDelaysNothing() throws InterruptedException {
    unanswered.add();
    clocks.time.advance(ON_THE_WAY);
    handOver(idle());
    assertEquals(List.of(), clocks.sleeps);
  }

  private void handOver(WorkerPool writers) throws InterruptedException {
    new HandOver(
            new Recorded(), List.of(writers), idle(), Optional.empty(), unanswered, clocks.pauses())
        .run();
  }

  private WorkerPool idle() {
    return pool(queue(), item -> Outcome.done());
  }

  private WorkerPool pool(KeyedQueue queue, WorkerPool.Handler handler) {
    return new WorkerPool("pool", 1, queue, handler, metrics, clocks.time.source());
  }

  private KeyedQueue queue() {
    Duration second = Duration.ofSeconds(1);
    return new KeyedQueue(
        Backoff.of(new BackoffSettings(second, second, 0)), clocks.time.source(), metrics);
  }

  /** Writes down how this process stops to lead. */
  private final class Recorded implements Leadership {
    @Override
    public void start() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void addListener(LeadershipListener listener) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Fence fence() {
      throw new UnsupportedOperationException();
    }

    @Override
    public LeadershipStatus status() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Duration waitingToStart() {
      return Duration.ZERO;
    }

    @Override
    public Duration sinceLastAttempt() {
      return Duration.ZERO;
    }

    @Override
    public void stepDown(String reason) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void closeToNewWork() {
      done.add("no new work");
      stopping.countDown();
    }

    @Override
    public ReleaseResult release(Duration timeout) {
      done.add("release");
      return ReleaseResult.RELEASED;
    }

    @Override
    public void close() {
      done.add("close");
    }
  }
}
