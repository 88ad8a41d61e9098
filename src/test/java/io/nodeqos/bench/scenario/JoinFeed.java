// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.fleet.Policy;
import io.nodeqos.bench.fleet.ReadyFeed;
import io.nodeqos.bench.report.Sheet;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.bench.rig.Watcher.Sight;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Nodes join at a steady rate, get warm, live for a while and are deleted. */
public final class JoinFeed implements AutoCloseable {
  private static final int LIFE_SECONDS = 60;
  private static final int PATIENCE_SECONDS = 60;

  private final Rig rig;
  private final Fleet fleet;
  private final ReadyFeed feed;
  private final AtomicInteger joined;
  private final AtomicInteger deleted;
  private final AtomicInteger cold;
  private final AtomicInteger flaps;
  private final int life;

  private JoinFeed(
      Rig rig,
      Fleet fleet,
      ReadyFeed feed,
      AtomicInteger joined,
      AtomicInteger deleted,
      AtomicInteger cold,
      AtomicInteger flaps,
      int life) {
    this.rig = rig;
    this.fleet = fleet;
    this.feed = feed;
    this.joined = joined;
    this.deleted = deleted;
    this.cold = cold;
    this.flaps = flaps;
    this.life = life;
  }

  /** Each lives for a minute. */
  static JoinFeed start(Rig rig, String group, int perSecond) {
    return start(rig, group, perSecond, LIFE_SECONDS);
  }

  /**
   * Begins.
   *
   * @param group of these nodes
   */
  static JoinFeed start(Rig rig, String group, int perSecond, int lifeSeconds) {
    int life = perSecond * lifeSeconds;
    Policy.create(rig.admin(), group, false);
    Fleet fleet = rig.fleet(group);
    AtomicInteger joined = new AtomicInteger();
    AtomicInteger deleted = new AtomicInteger();
    AtomicInteger cold = new AtomicInteger();
    AtomicInteger flaps = new AtomicInteger();
    ReadyFeed feed =
        ReadyFeed.start(
            perSecond,
            Integer.MAX_VALUE,
            number -> {
              insist(() -> fleet.register(number, true), () -> fleet.exists(number));
              joined.incrementAndGet();
              if (number >= life) {
                Sight sight = rig.watcher().sight(fleet.name(number - life));
                flaps.addAndGet(sight.flaps());
                cold.addAndGet(sight.isWarm() ? 0 : 1);
                insist(() -> fleet.delete(number - life), () -> !fleet.exists(number - life));
                deleted.incrementAndGet();
              }
            });
    return new JoinFeed(rig, fleet, feed, joined, deleted, cold, flaps, life);
  }

  /** Asks a server again that is away for a while. */
  private static void insist(Runnable request, BooleanSupplier done) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    for (boolean again = false; ; again = true) {
      try {
        // The one before may have been carried out.
        if (!again || !done.getAsBoolean()) {
          request.run();
        }
        return;
      } catch (UncheckedIOException | AssertionError e) {
        if (System.nanoTime() > end) {
          throw e;
        }
      }
      pause();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(100);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Fails when one of the requests so far has failed. */
  void check() {
    int unused = feed.done();
  }

  /** Nodes that are there. */
  int nodes() {
    return joined.get() - deleted.get();
  }

  /** No more nodes; waits until each is warm, and writes down what went wrong with any. */
  void finish(Sheet sheet) throws InterruptedException {
    int all = feed.stop();
    int first = Math.max(0, all - life);
    rig.progress().step("the last nodes get warm");
    rig.await("warm node", () -> warm(first, all) == all - first);
    for (int number = first; number < all; number++) {
      flaps.addAndGet(rig.watcher().sight(fleet.name(number)).flaps());
    }
    sheet.figure("nodes that joined", all, "");
    sheet.exactly(0, "nodes not warm when they were deleted", cold.get());
    sheet.exactly(0, "flaps", flaps.get());
  }

  private long warm(int from, int to) {
    long count = 0;
    for (int number = from; number < to; number++) {
      count += rig.watcher().sight(fleet.name(number)).isWarm() ? 1 : 0;
    }
    return count;
  }

  /** All nodes that have joined so far. */
  int joined() {
    return joined.get();
  }

  /** Deletes those that are left. */
  void remove() {
    fleet.remove();
  }

  @Override
  public void close() {
    feed.close();
  }
}
