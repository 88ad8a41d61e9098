// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Does something for each of many numbers, by a fixed number of threads. */
public final class Crew {
  private Crew() {}

  /**
   * Returns when all is done; the first failure ends it.
   *
   * @param done counts up as it goes on
   */
  public static void each(int threads, int from, int to, AtomicInteger done, IntConsumer work)
      throws InterruptedException {
    AtomicInteger next = new AtomicInteger(from);
    ExecutorService crew = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(
            crew.submit(
                () -> {
                  for (int n = next.getAndIncrement(); n < to; n = next.getAndIncrement()) {
                    work.accept(n);
                    done.incrementAndGet();
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      crew.shutdownNow();
    }
  }
}
