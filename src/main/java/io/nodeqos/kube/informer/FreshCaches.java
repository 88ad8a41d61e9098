// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import io.nodeqos.thread.DaemonThreads;
import io.nodeqos.time.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Lets all caches catch up with the API server at the same time. Thread-safe. */
public final class FreshCaches implements AutoCloseable {
  /** Longer than any leader waits: without a waiter no request is sent. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(60);

  private final ExecutorService threads =
      Executors.newCachedThreadPool(DaemonThreads.numbered("catch-up"));
  private final AtomicLong calls = new AtomicLong();
  private final Set<Informer<?>> behind = ConcurrentHashMap.newKeySet();

  /**
   * * Starts; an earlier call ends without success.
   *
   * @return completes, on a thread of this class, when all have reached the state of the API server
   *     at a time after the call; never, or exceptionally, when that is not reached
   */
  public CompletableFuture<Void> reached(List<Informer<?>> informers) {
    long call = calls.incrementAndGet();
    Deadline deadline = Deadline.after(MAX_WAIT);
    BooleanSupplier wanted = () -> calls.get() == call && !deadline.isOver();
    behind.clear();
    behind.addAll(informers);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (Informer<?> informer : informers) {
      all.add(CompletableFuture.runAsync(() -> catchUp(informer, wanted), threads));
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }

  private void catchUp(Informer<?> informer, BooleanSupplier wanted) {
    try {
      informer.catchUp(wanted).run();
      if (wanted.getAsBoolean()) {
        behind.remove(informer);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    }
  }

  /** The caches that have not caught up since the last call, as text for the log. */
  public List<String> behind() {
    return behind.stream().map(Informer::describe).sorted().toList();
  }

  @Override
  public void close() {
    calls.incrementAndGet();
    threads.shutdownNow();
  }
}
