// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.leader;

import io.nodeqos.election.Leadership;
import io.nodeqos.kube.client.UnansweredWrites;
import io.nodeqos.kube.events.EventRecorder;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.time.Pauses;
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
  private final UnansweredWrites unanswered;
  private final Pauses pauses;

  /**
   * @param writers pools whose work may write, in the order of their stop
   * @param fanOuts the pool that only queues
   * @param unanswered writes that the next leader must not overtake
   */
  public HandOver(
      Leadership leadership,
      List<WorkerPool> writers,
      WorkerPool fanOuts,
      Optional<EventRecorder> events,
      UnansweredWrites unanswered,
      Pauses pauses) {
    this.leadership = leadership;
    this.writers = List.copyOf(writers);
    this.fanOuts = fanOuts;
    this.events = events;
    this.unanswered = unanswered;
    this.pauses = pauses;
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
    awaitUnanswered();
    leadership.release(RELEASE_LIMIT);
    leadership.close();
  }

  /** The API server may still carry them out, beside those of the next leader. */
  private void awaitUnanswered() throws InterruptedException {
    Duration left = unanswered.left();
    if (!left.isZero()) {
      LOG.info("A write was not answered: the Lease is released {} later", GoDuration.format(left));
      pauses.sleep(left);
    }
  }

  /** Sends the last Kubernetes Events; does nothing the second time. */
  public void flushEvents() throws InterruptedException {
    if (events.isPresent()) {
      events.get().stop(EVENT_FLUSH_LIMIT);
    }
  }
}
