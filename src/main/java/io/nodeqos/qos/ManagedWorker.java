// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.qos.WorkerStatus.State;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Runs one worker and keeps its status: whatever it throws ends here. Thread-safe. */
final class ManagedWorker {
  private static final Logger LOG = LoggerFactory.getLogger(ManagedWorker.class);

  private static final Duration WARNING_PERIOD = Duration.ofMinutes(10);

  private final QosWorker worker;
  private final WorkerObserver observer;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Seldom warnings = new Seldom(WARNING_PERIOD, System::nanoTime);
  private final AtomicLong plans = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private volatile State state = State.NEW;
  private volatile String error = "";

  ManagedWorker(QosWorker worker, WorkerObserver observer) {
    this.worker = worker;
    this.observer = observer;
  }

  String name() {
    return worker.name();
  }

  int order() {
    return worker.order();
  }

  void start() {
    state = guarded("start", worker::start) ? State.RUNNING : State.FAILED;
  }

  void updateConfig(PolicyCatalog.Snapshot policies) {
    if (state == State.RUNNING) {
      guarded("updateConfig", () -> worker.updateConfig(policies));
    }
  }

  /** Empty when the worker is not running or has thrown. */
  Optional<Contribution> plan(WorkerInput input) {
    if (state != State.RUNNING) {
      return Optional.empty();
    }
    plans.incrementAndGet();
    long start = System.nanoTime();
    long cpuStart = cpuNanos();
    Optional<Throwable> failure = Optional.empty();
    try {
      Contribution contribution = worker.plan(input);
      error = "";
      return Optional.of(contribution);
    } catch (RuntimeException | LinkageError thrown) {
      failure = Optional.of(thrown);
      failed("plan", Optional.of(input.node()), thrown);
      return Optional.empty();
    } finally {
      long cpu = cpuNanos() - cpuStart;
      observer.planned(name(), new WorkerObserver.Run(failure, System.nanoTime() - start, cpu));
    }
  }

  private long cpuNanos() {
    return threads.isCurrentThreadCpuTimeSupported()
        ? Math.max(0, threads.getCurrentThreadCpuTime())
        : 0;
  }

  void stop() {
    if (state == State.RUNNING) {
      guarded("stop", worker::stop);
      state = State.STOPPED;
    }
  }

  WorkerStatus status() {
    WorkerHealth health = health();
    Optional<String> message =
        !error.isEmpty()
            ? Optional.of(error)
            : health.healthy() ? Optional.empty() : Optional.of(health.message());
    return new WorkerStatus(name(), state, plans.get(), failures.get(), message);
  }

  /** With the field {@code worker}. */
  private void log(Runnable line) {
    try (MDC.MDCCloseable ignored = MDC.putCloseable("worker", name())) {
      line.run();
    }
  }

  private WorkerHealth health() {
    try {
      return worker.status();
    } catch (RuntimeException | LinkageError thrown) {
      return WorkerHealth.failing("status: " + thrown);
    }
  }

  private boolean guarded(String what, Runnable call) {
    try {
      call.run();
      return true;
    } catch (RuntimeException | LinkageError thrown) {
      failed(what, Optional.empty(), thrown);
      return false;
    }
  }

  private void failed(String what, Optional<NodeView> node, Throwable thrown) {
    failures.incrementAndGet();
    error = what + ": " + thrown;
    // A worker may fail on every second of 5,000 nodes: that says no more than once does.
    if (warnings.tryAcquire()) {
      log(() -> LOG.warn("worker {} failed in {}", name(), what, thrown));
    }
    observer.failed(name(), node, error);
  }
}
