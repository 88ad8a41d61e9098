// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.leader;

import io.nodeqos.election.Leadership;
import io.nodeqos.kube.events.EventRecorder;
import io.nodeqos.queue.WorkerPool;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the work and releases the Lease. The order matters: no write comes after the release. */
public final class HandOver {
  private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);
  private static final Duration RELEASE_LIMIT = Duration.ofSeconds(3);

  /** During this time there is no leader. */
  private static final Duration EVENT_FLUSH_LIMIT = Duration.ofMillis(100);

  private final Leadership leadership;
  private final List<WorkerPool> writers;
  private final WorkerPool fanOuts;
  private final Optional<EventRecorder> events;

  /**
   * @param writers pools whose work may write, in the order of their stop
   * @param fanOuts the pool that only queues
   */
  public HandOver(
      Leadership leadership,
      List<WorkerPool> writers,
      WorkerPool fanOuts,
      Optional<EventRecorder> events) {
    this.leadership = leadership;
    this.writers = List.copyOf(writers);
    this.fanOuts = fanOuts;
    this.events = events;
  }

  /** When work could not be drained, the Lease is left to expire. */
  public void run() throws InterruptedException {
    leadership.closeToNewWork();
    boolean drained = true;
    for (WorkerPool pool : writers) {
      drained &= pool.stop(DRAIN_LIMIT);
    }
    fanOuts.stop(DRAIN_LIMIT);
    flushEvents();
    if (!drained) {
      LOG.warn("Drain timed out, leaving the Lease to expire");
      return;
    }
    leadership.release(RELEASE_LIMIT);
    leadership.close();
  }

  /** Sends the last Kubernetes Events; does nothing the second time. */
  public void flushEvents() throws InterruptedException {
    if (events.isPresent()) {
      events.get().stop(EVENT_FLUSH_LIMIT);
    }
  }
}
