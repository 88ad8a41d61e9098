// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.http;

import io.nodeqos.thread.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of one listener. The JDK's server reads and writes blockingly on them and has no
 * timeout by default: a client that sends half a request would occupy its thread for ever. So each
 * exchange is interrupted after a timeout, which closes its connection; until then it delays no
 * other, since every exchange has a thread of its own. A stream renews its timeout as it goes.
 */
final class ExchangeThreads implements Executor {
  private static final int MAX_THREADS = 256;

  private final Duration limit;
  private final ThreadPoolExecutor pool;
  private final ScheduledThreadPoolExecutor limiter;
  private final ThreadLocal<Exchange> current = new ThreadLocal<>();

  ExchangeThreads(String name, Duration limit) {
    this.limit = limit;
    pool =
        new ThreadPoolExecutor(
            0,
            MAX_THREADS,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            DaemonThreads.numbered(name));
    limiter = new ScheduledThreadPoolExecutor(1, DaemonThreads.factory(name + "-limit"));
    limiter.setRemoveOnCancelPolicy(true);
    // After the stop, when all exchanges have been interrupted.
    limiter.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  @Override
  public void execute(Runnable exchange) {
    pool.execute(() -> bounded(exchange));
  }

  void stop() {
    pool.shutdownNow();
    limiter.shutdownNow();
  }

  private void bounded(Runnable exchange) {
    Exchange running = new Exchange(Thread.currentThread());
    current.set(running);
    renew(limit);
    try {
      exchange.run();
    } finally {
      current.remove();
      running.end();
    }
  }

  /** Restarts the timeout of the exchange of this thread. */
  void renew(Duration newLimit) {
    Exchange running = current.get();
    running.limitedBy(limiter.schedule(running::cut, newLimit.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Ensures that an interrupt hits its own exchange and not the next on that thread. */
  private static final class Exchange {
    private final Thread thread;
    private ScheduledFuture<?> cut;
    private boolean ended;

    Exchange(Thread thread) {
      this.thread = thread;
    }

    synchronized void limitedBy(ScheduledFuture<?> newCut) {
      if (cut != null) {
        cut.cancel(false);
      }
      cut = newCut;
    }

    synchronized void cut() {
      if (!ended) {
        thread.interrupt();
      }
    }

    synchronized void end() {
      ended = true;
      cut.cancel(false);
      Thread.interrupted();
    }
  }
}
