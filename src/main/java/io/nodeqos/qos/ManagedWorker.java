// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicySnapshot;
import io.nodeqos.qos.WorkerStatus.State;
import io.nodeqos.time.TimeSource;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Runs one worker and keeps its status: no exception of the worker leaves this class. Thread-safe.
 */
final class ManagedWorker {
  private static final Logger LOG = LoggerFactory.getLogger(ManagedWorker.class);

  private static final Duration WARNING_PERIOD = Duration.ofMinutes(10);
  private static final long NOT_STARTED = Long.MIN_VALUE;

  private final QosWorker worker;
  private final Identity identity;
  private final WorkerInvoker invoker;
  private final WorkerObserver observer;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final TimeSource time;
  private final LogThrottle warnings;
  private final LogThrottle roomWarnings;
  private final AtomicLong plans = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicReference<PolicySnapshot> newPolicies = new AtomicReference<>();
  private final ContributedNames contributed = new ContributedNames();
  private volatile State state = State.NEW;
  private volatile String error = "";
  private volatile String noRoom = "";

  /**
   * The name and order that a worker reports, read once.
   *
   * @param plugin it is not built in
   */
  record Identity(String name, int order, boolean plugin) {}

  ManagedWorker(
      QosWorker worker,
      Identity identity,
      WorkerInvoker invoker,
      WorkerObserver observer,
      TimeSource time) {
    this.worker = worker;
    this.identity = identity;
    this.invoker = invoker;
    this.observer = observer;
    this.time = time;
    this.warnings = new LogThrottle(WARNING_PERIOD, time);
    this.roomWarnings = new LogThrottle(WARNING_PERIOD, time);
  }

  String name() {
    return identity.name();
  }

  int order() {
    return identity.order();
  }

  boolean isPlugin() {
    return identity.plugin();
  }

  /** The names that it has contributed. */
  ContributedNames contributed() {
    return contributed;
  }

  /**
   * False for a worker that failed to start or was stopped; one whose start hangs may still run.
   */
  boolean mayAnswer() {
    return state == State.NEW || state == State.RUNNING;
  }

  /**
   * The worker does not answer, and the node has no room for its sections. Its status reports this
   * until it answers.
   */
  void crowdedOut(String node) {
    noRoom =
        "while it does not answer, its sections are removed from nodes such as "
            + node
            + ", whose configuration is too large with them";
    if (roomWarnings.tryAcquire()) {
      String clause = noRoom;
      log(() -> LOG.warn("Worker {}: {}", name(), clause));
    }
  }

  void start() {
    try {
      invoker.call(
          "start",
          () -> {
            begin();
            return null;
          });
    } catch (WorkerFailure failure) {
      failed(Optional.empty(), failure);
    }
  }

  /** May end after its caller has stopped waiting. */
  private void begin() {
    try {
      worker.start();
      state = State.RUNNING;
    } catch (Throwable thrown) {
      error = "start: " + thrown;
      state = State.FAILED;
      throw thrown;
    }
    error = "";
    if (newPolicies.get() != null) {
      invoker.submit("updateConfig", this::update, f -> failed(Optional.empty(), f));
    }
  }

  void updateConfig(PolicySnapshot policies) {
    // Replaces a snapshot that is not taken yet, so that calls do not pile up at a worker that
    // hangs.
    boolean isAsked = newPolicies.getAndSet(policies) != null;
    if (state == State.RUNNING && (!isAsked || !isPlugin())) {
      invoker.submit("updateConfig", this::update, f -> failed(Optional.empty(), f));
    }
  }

  private void update() {
    PolicySnapshot policies = newPolicies.getAndSet(null);
    if (policies != null) {
      worker.updateConfig(policies);
    }
  }

  /**
   * Empty when the worker is not running, has thrown or did not answer.
   *
   * @param check throws a {@link PluginProblem} for a contribution that is not allowed
   */
  Optional<Contribution> plan(WorkerInput input, Consumer<Contribution> check) {
    if (state != State.RUNNING) {
      return Optional.empty();
    }
    plans.incrementAndGet();
    AtomicLong cpu = new AtomicLong();
    AtomicLong begun = new AtomicLong(NOT_STARTED);
    Optional<WorkerFailure> failure = Optional.empty();
    try {
      Contribution contribution = invoker.call("plan", () -> contribution(input, begun, cpu));
      checked(contribution, check);
      contributed.add(contribution);
      error = "";
      noRoom = "";
      return Optional.of(contribution);
    } catch (WorkerFailure failed) {
      failure = Optional.of(failed);
      failed(Optional.of(input.node()), failed);
      return Optional.empty();
    } finally {
      observer.planned(
          name(),
          new WorkerObserver.Run(
              failure.map(WorkerFailure::thrown), nanosSince(begun.get()), cpu.get()));
    }
  }

  /** How long the call has taken, without the wait in the queue. */
  private long nanosSince(long begun) {
    return begun == NOT_STARTED ? 0 : time.nanos() - begun;
  }

  private Contribution contribution(WorkerInput input, AtomicLong begun, AtomicLong cpu) {
    begun.set(time.nanos());
    long before = cpuNanos();
    try {
      Contribution contribution = Objects.requireNonNull(worker.plan(input), "contribution");
      return isPlugin() ? PluginRules.checked(contribution) : contribution;
    } finally {
      cpu.set(cpuNanos() - before);
    }
  }

  private static void checked(Contribution contribution, Consumer<Contribution> check)
      throws WorkerFailure {
    try {
      check.accept(contribution);
    } catch (PluginProblem problem) {
      throw WorkerFailure.thrown("plan", problem);
    }
  }

  private long cpuNanos() {
    return threads.isCurrentThreadCpuTimeSupported()
        ? Math.max(0, threads.getCurrentThreadCpuTime())
        : 0;
  }

  void stop() {
    if (state == State.RUNNING) {
      try {
        invoker.call(
            "stop",
            () -> {
              worker.stop();
              return null;
            });
      } catch (WorkerFailure failure) {
        failed(Optional.empty(), failure);
      }
      state = State.STOPPED;
    }
    invoker.shutdown();
  }

  WorkerStatus status() {
    Optional<String> message =
        invoker
            .unavailable()
            .or(() -> Optional.of(error).filter(e -> !e.isEmpty()))
            .or(() -> Optional.of(health()).filter(h -> !h.healthy()).map(WorkerHealth::message));
    return new WorkerStatus(name(), state, plans.get(), failures.get(), withNoRoom(message));
  }

  private Optional<String> withNoRoom(Optional<String> message) {
    String clause = noRoom;
    return clause.isEmpty()
        ? message
        : Optional.of(message.map(m -> m + "; " + clause).orElse(clause));
  }

  private WorkerHealth health() {
    if (isPlugin() && state != State.RUNNING) {
      return WorkerHealth.HEALTHY;
    }
    try {
      return invoker.call("status", () -> Objects.requireNonNull(worker.status(), "status"));
    } catch (WorkerFailure failure) {
      return WorkerHealth.failing(failure.getMessage());
    }
  }

  /** With the field {@code worker}. */
  private void log(Runnable line) {
    try (MDC.MDCCloseable ignored = MDC.putCloseable("worker", name())) {
      line.run();
    }
  }

  private void failed(Optional<NodeView> node, WorkerFailure failure) {
    failures.incrementAndGet();
    if (failure.wasCalled()) {
      error = failure.getMessage();
    }
    // A worker may fail on every second of 5,000 nodes: one line is enough.
    if (warnings.tryAcquire()) {
      log(() -> LOG.warn("Worker {} failed: {}", name(), failure.getMessage(), failure.getCause()));
    }
    observer.failed(new WorkerObserver.Failure(name(), isPlugin(), node, failure.getMessage()));
  }
}
