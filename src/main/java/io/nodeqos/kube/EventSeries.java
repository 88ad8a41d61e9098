// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import java.time.Duration;
import java.time.Instant;

/**
 * One Event and how often it has happened, before and after the API server has it. For one thread.
 */
final class EventSeries {
  private final String name;
  private final EventDraft draft;
  private int count = 1;
  private Instant lastObserved;
  private long observedNanos;

  /** As the server has it; 0 before the Event is created. */
  private int writtenCount;

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

  Instant lastObserved() {
    return lastObserved;
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

  /** How often it has happened without the server having been told. */
  int unwritten() {
    return count - writtenCount;
  }

  /** Created: an Event without a series stands for one time. */
  void created() {
    writtenCount = 1;
  }

  /** The present count was written, or was given up. */
  void counted() {
    writtenCount = count;
  }

  /** When it may be patched, by the monotonic clock. */
  long patchNotBeforeNanos() {
    return patchNotBeforeNanos;
  }

  void patchNotBefore(long nanos) {
    patchNotBeforeNanos = nanos;
  }
}
