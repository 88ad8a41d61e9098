// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import java.time.Duration;
import java.time.Instant;

/**
 * One Event and how often it has happened, before and after the API server has it. Not thread-safe.
 */
final class EventSeries {
  private final String name;
  private final EventDraft draft;
  private int count = 1;
  private Instant lastObserved;
  private long observedNanos;

  /** The count on the server; 0 before the Event is created. */
  private int writtenCount;

  private int failedCreations;
  private long patchNotBeforeNanos;

  EventSeries(String name, EventDraft draft, long nowNanos) {
    this.name = name;
    this.draft = draft;
    this.lastObserved = draft.at();
    this.observedNanos = nowNanos;
    this.patchNotBeforeNanos = nowNanos;
  }

  String name() {
    return name;
  }

  EventDraft draft() {
    return draft;
  }

  int count() {
    return count;
  }

  /** As it is to be written now. */
  EventWrite write() {
    return new EventWrite(name, draft, count, lastObserved);
  }

  boolean isWarning() {
    return draft.kind().warning();
  }

  void observedAgain(Instant at, long nowNanos) {
    count++;
    lastObserved = at;
    observedNanos = nowNanos;
  }

  Duration idle(long nowNanos) {
    return Duration.ofNanos(nowNanos - observedNanos);
  }

  boolean isCreated() {
    return writtenCount > 0;
  }

  /** The number of occurrences that are not on the server yet. */
  int unwritten() {
    return count - writtenCount;
  }

  /** Created: an Event without a series stands for one time. */
  void created() {
    writtenCount = 1;
  }

  /** This count was written. */
  void counted(int written) {
    writtenCount = written;
  }

  /** Its creation has failed once more; returns how often it has. */
  int creationFailed() {
    return ++failedCreations;
  }

  /** When it may be patched, by the monotonic clock. */
  long patchNotBeforeNanos() {
    return patchNotBeforeNanos;
  }

  void patchNotBefore(long nanos) {
    patchNotBeforeNanos = nanos;
  }
}
