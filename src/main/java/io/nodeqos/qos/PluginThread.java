// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.node.value.GoDuration;
import io.nodeqos.thread.DaemonThreads;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The one thread of a plug-in worker. The deadline of a call starts when the thread takes it, so
 * that earlier calls do not count. A caller waits in line while the line moves, for ten deadlines
 * at most; once a call has overrun its deadline, all other calls fail at once until it has
 * returned. A worker that overruns repeatedly is not called for a while, longer each time, so that
 * it does not block callers repeatedly.
 */
final class PluginThread implements WorkerInvoker {
  private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MAX_DOUBLINGS = 6;
  private static final int MAX_QUEUED_DEADLINES = 10;

  private final Duration deadline;
  private final TimeSource time;
  private final ThreadPoolExecutor thread;
  private final AtomicInteger overruns = new AtomicInteger();
  private volatile Optional<Running> running = Optional.empty();
  private volatile String overran = "";
  private volatile Optional<Long> pausedUntil = Optional.empty();

  private PluginThread(Duration deadline, TimeSource time, ThreadPoolExecutor thread) {
    this.deadline = deadline;
    this.time = time;
    this.thread = thread;
  }

  /**
   * @param owner names the thread
   * @param classes the class loader of the thread, for the worker's code
   */
  static PluginThread create(
      String owner, ClassLoader classes, Duration deadline, TimeSource time) {
    return new PluginThread(
        deadline,
        time,
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread made = DaemonThreads.named("worker-" + owner, task);
              made.setContextClassLoader(classes);
              return made;
            }));
  }

  /** One call. */
  private static final class Running {
    private final String what;
    private volatile boolean begun;
    private volatile long sinceNanos;
    private volatile boolean overdue;

    Running(String what) {
      this.what = what;
    }
  }

  @Override
  public <T> T call(String what, Callable<T> call) throws WorkerFailure {
    Optional<String> unavailable = unavailable();
    if (unavailable.isPresent()) {
      throw WorkerFailure.notCalled(unavailable.get());
    }
    Running mine = new Running(what);
    FutureTask<T> task = new FutureTask<>(() -> timed(mine, call));
    try {
      thread.execute(task);
      return awaited(mine, task);
    } catch (ExecutionException e) {
      throw WorkerFailure.thrown(what, e.getCause());
    } catch (RejectedExecutionException e) {
      throw WorkerFailure.unanswered(what + " comes after the stop");
    } catch (InterruptedException e) {
      task.cancel(false);
      Thread.currentThread().interrupt();
      throw WorkerFailure.unanswered(what + " was given up because this process stops");
    }
  }

  private <T> T awaited(Running mine, FutureTask<T> task)
      throws WorkerFailure, ExecutionException, InterruptedException {
    long cameNanos = time.nanos();
    while (true) {
      // The time of a call starts after the call before it, so that no wait ends too late.
      Optional<Running> watched = mine.begun ? Optional.of(mine) : running;
      long left = watched.map(this::leftNanos).orElse(deadline.toNanos());
      if (left <= 0 || (!mine.begun && isLineTooLong(cameNanos))) {
        // No interrupt: code that does not expect one could be left in any state.
        task.cancel(false);
        thread.remove(task);
        mine.overdue = mine.begun;
        throw mine.begun
            ? WorkerFailure.unanswered(
                mine.what + " did not return within " + GoDuration.format(deadline))
            : WorkerFailure.notCalled(mine.what + " waited too long for earlier calls");
      }
      try {
        return task.get(left, TimeUnit.NANOSECONDS);
      } catch (TimeoutException lookAgain) {
        // The thread may have taken it meanwhile.
      }
    }
  }

  private long leftNanos(Running call) {
    return deadline.toNanos() - (time.nanos() - call.sinceNanos);
  }

  private boolean isLineTooLong(long cameNanos) {
    return time.nanos() - cameNanos >= deadline.toNanos() * MAX_QUEUED_DEADLINES;
  }

  @Override
  public void submit(String what, Runnable call, Consumer<WorkerFailure> failed) {
    Runnable task =
        () -> {
          try {
            timed(
                new Running(what),
                () -> {
                  call.run();
                  return null;
                });
          } catch (Throwable thrown) { // The thread must survive any error.
            failed.accept(WorkerFailure.thrown(what, thrown));
          }
        };
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      failed.accept(WorkerFailure.unanswered(what + " comes after the stop"));
    }
  }

  private <T> T timed(Running mine, Callable<T> call) throws Exception {
    mine.sinceNanos = time.nanos();
    mine.begun = true;
    running = Optional.of(mine);
    try {
      return call.call();
    } finally {
      if (isOverdue(mine)) {
        overran = mine.what;
        pauseAfter(overruns.incrementAndGet());
      } else if (mine.what.equals(overran)) {
        // A call of another method does not reset it: status may always be quick.
        overruns.set(0);
      }
      running = Optional.empty();
    }
  }

  private boolean isOverdue(Running call) {
    return call.overdue || time.nanos() - call.sinceNanos >= deadline.toNanos();
  }

  /** The first overrun may be an accident. */
  private void pauseAfter(int inARow) {
    if (inARow > 1) {
      long pause = FIRST_PAUSE_NANOS << Math.min(inARow - 2, MAX_DOUBLINGS);
      pausedUntil = Optional.of(time.nanos() + pause);
    }
  }

  @Override
  public Optional<String> unavailable() {
    Optional<Running> now = running;
    if (now.isPresent() && isOverdue(now.get())) {
      long seconds = TimeUnit.NANOSECONDS.toSeconds(time.nanos() - now.get().sinceNanos);
      return Optional.of(
          now.get().what
              + " hangs: it has not returned for "
              + seconds
              + "s; the deadline is "
              + GoDuration.format(deadline)
              + "; the worker is not called until it returns");
    }
    return pausedUntil
        .filter(until -> until - time.nanos() > 0)
        .map(
            until ->
                "the worker overran its deadline of "
                    + GoDuration.format(deadline)
                    + " "
                    + overruns.get()
                    + " times in a row; it is not called for a while");
  }

  @Override
  public void shutdown() {
    thread.shutdownNow();
  }
}
