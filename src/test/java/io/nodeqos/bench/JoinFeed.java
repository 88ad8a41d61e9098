// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench;

import io.nodeqos.bench.Watcher.Sight;
import java.util.concurrent.atomic.AtomicInteger;

/** Nodes join at a steady rate, get warm, live for a minute and are deleted. */
final class JoinFeed implements AutoCloseable {
  private static final String GROUP = "join";

  /** With which the names of these nodes begin. */
  static final String PREFIX = GROUP + "-";

  private static final int LIFE = 600;

  private final Rig rig;
  private final Fleet fleet;
  private final ReadyFeed feed;
  private final AtomicInteger joined;
  private final AtomicInteger deleted;
  private final AtomicInteger cold;
  private final AtomicInteger flaps;

  private JoinFeed(
      Rig rig,
      Fleet fleet,
      ReadyFeed feed,
      AtomicInteger joined,
      AtomicInteger deleted,
      AtomicInteger cold,
      AtomicInteger flaps) {
    this.rig = rig;
    this.fleet = fleet;
    this.feed = feed;
    this.joined = joined;
    this.deleted = deleted;
    this.cold = cold;
    this.flaps = flaps;
  }

  static JoinFeed start(Rig rig, int perSecond) {
    Policy.create(rig.admin(), GROUP, false);
    Fleet fleet = rig.fleet(GROUP);
    AtomicInteger joined = new AtomicInteger();
    AtomicInteger deleted = new AtomicInteger();
    AtomicInteger cold = new AtomicInteger();
    AtomicInteger flaps = new AtomicInteger();
    ReadyFeed feed =
        ReadyFeed.start(
            perSecond,
            Integer.MAX_VALUE,
            number -> {
              fleet.register(number, true);
              joined.incrementAndGet();
              if (number >= LIFE) {
                Sight sight = rig.watcher().sight(fleet.name(number - LIFE));
                flaps.addAndGet(sight.flaps());
                cold.addAndGet(sight.isWarm() ? 0 : 1);
                fleet.delete(number - LIFE);
                deleted.incrementAndGet();
              }
            });
    return new JoinFeed(rig, fleet, feed, joined, deleted, cold, flaps);
  }

  /** Nodes that are there. */
  int nodes() {
    return joined.get() - deleted.get();
  }

  /** No more nodes; waits until each is warm, and writes down what went wrong with any. */
  void finish(Sheet sheet) throws InterruptedException {
    int all = feed.stop();
    int first = Math.max(0, all - LIFE);
    rig.progress().step("the last nodes get warm");
    rig.await("warm node", () -> warm(first, all) == all - first);
    for (int number = first; number < all; number++) {
      flaps.addAndGet(rig.watcher().sight(fleet.name(number)).flaps());
    }
    sheet.figure("nodes that joined", all, "");
    sheet.exactly(0, "nodes not warm after a minute", cold.get());
    sheet.exactly(0, "flaps", flaps.get());
  }

  private long warm(int from, int to) {
    long count = 0;
    for (int number = from; number < to; number++) {
      count += rig.watcher().sight(fleet.name(number)).isWarm() ? 1 : 0;
    }
    return count;
  }

  @Override
  public void close() {
    feed.close();
  }
}
