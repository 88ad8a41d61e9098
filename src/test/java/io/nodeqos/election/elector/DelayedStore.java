// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.nodeqos.election.LeaseResult;
import io.nodeqos.election.LeaseState;
import io.nodeqos.election.LeaseStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A store whose requests take a real while, half of it before the server sees them. */
final class DelayedStore implements LeaseStore {

  private final LeaseStore store;
  private final long latencyNanos;
  private final AtomicInteger sent = new AtomicInteger();
  private volatile boolean cut;
  private volatile boolean down;
  private volatile CountDownLatch hanging = new CountDownLatch(0);

  DelayedStore(LeaseServer server, Duration latency) {
    this.store = Replica.store(server);
    this.latencyNanos = latency.toNanos();
  }

  /** From now on nothing reaches the server, and no event comes from it. */
  void down() {
    down = true;
  }

  /** From now on requests are never answered until the latch opens. */
  CountDownLatch hang() {
    hanging = new CountDownLatch(1);
    return hanging;
  }

  /** How many requests were sent, answered or not. */
  int sent() {
    return sent.get();
  }

  /** Whether a request was interrupted on its way. */
  boolean wasCut() {
    return cut;
  }

  private LeaseResult slowly(Supplier<LeaseResult> call) {
    sent.incrementAndGet();
    try {
      hanging.await();
      if (down) {
        return new LeaseResult.Failed("connection refused");
      }
      TimeUnit.NANOSECONDS.sleep(latencyNanos / 2);
      LeaseResult result = call.get();
      TimeUnit.NANOSECONDS.sleep(latencyNanos - latencyNanos / 2);
      return result;
    } catch (InterruptedException e) {
      cut = true;
      Thread.currentThread().interrupt();
      return new LeaseResult.Failed("interrupted");
    }
  }

  @Override
  public LeaseResult get() {
    return slowly(store::get);
  }

  @Override
  public LeaseResult create(LeaseState state) {
    return slowly(() -> store.create(state));
  }

  @Override
  public LeaseResult update(LeaseState state) {
    return slowly(() -> store.update(state));
  }

  @Override
  public Watch watch(Listener listener) {
    return store.watch(
        new Listener() {
          @Override
          public void changed(LeaseState state) {
            if (!down) {
              listener.changed(state);
            }
          }

          @Override
          public void deleted(String resourceVersion) {
            if (!down) {
              listener.deleted(resourceVersion);
            }
          }

          @Override
          public void alive() {
            if (!down) {
              listener.alive();
            }
          }
        });
  }
}
