// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import io.nodeqos.kube.events.EventDraft.Group;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Correlates Events by KEP-383: equal ones about one object within {@link #WINDOW} are one Event
 * with a count. Of one object and reason only a few notes get an Event of their own; further notes
 * share one. Its memory is bounded. For one thread.
 */
final class EventCorrelator {
  /** A series that was quiet for so long is over (KEP-383: six minutes). */
  static final Duration WINDOW = Duration.ofMinutes(6);

  /** So many notes of one object and reason are distinguished. */
  static final int MAX_NOTES = 5;

  private static final int NAME_LIMIT = 253;

  private final int mostSeries;
  private final TimeSource time;
  private final LongSupplier ids;
  private final PerObjectRateLimiter buckets;

  /** By content; the longest quiet first. */
  private final Map<Identity, EventSeries> series = new LinkedHashMap<>(16, 0.75f, true);

  /** The number of notes of each group that are distinguished at present. */
  private final Map<Group, Integer> notes = new HashMap<>();

  /**
   * The key under which two drafts are the same Event. The reporting instance is this process for
   * all.
   *
   * @param note empty for the one that stands for the notes beyond {@link #MAX_NOTES}
   */
  private record Identity(Group group, String note) {}

  /**
   * The result for one draft.
   *
   * @param series empty when its object has had too many Events: it is dropped
   * @param isNew whether the Event is to be created; false when it is repeated
   */
  record Found(Optional<EventSeries> series, boolean isNew) {}

  /**
   * @param mostSeries how many Events are remembered
   * @param ids numbers that also differ from those of other replicas: they make names unique
   */
  EventCorrelator(int mostSeries, TimeSource time, LongSupplier ids) {
    this.mostSeries = mostSeries;
    this.time = time;
    this.ids = ids;
    this.buckets = new PerObjectRateLimiter(mostSeries);
  }

  Found observe(EventDraft draft) {
    long now = time.nanos();
    forgetQuiet(now);
    EventSeries known = series.get(new Identity(draft.group(), draft.note()));
    boolean own = known != null || notes.getOrDefault(draft.group(), 0) < MAX_NOTES;
    EventDraft draftToSend = own ? draft : draft.combined();
    Identity identity = new Identity(draft.group(), own ? draft.note() : "");
    if (!own) {
      known = series.get(identity);
    }
    if (known != null) {
      known.observedAgain(draft.at(), now);
      return new Found(Optional.of(known), false);
    }
    if (!buckets.take(draft.regarding(), now)) {
      return new Found(Optional.empty(), true);
    }
    EventSeries begun = new EventSeries(name(draft.regarding()), draftToSend, now);
    put(identity, begun);
    return new Found(Optional.of(begun), true);
  }

  /** Its Event was not created: the next occurrence creates one. */
  void forget(EventSeries one) {
    Group group = one.draft().group();
    if (!removeIf(new Identity(group, one.draft().note()), one)) {
      removeIf(new Identity(group, ""), one);
    }
  }

  int size() {
    return series.size();
  }

  private boolean removeIf(Identity identity, EventSeries expected) {
    if (series.get(identity) != expected) {
      return false;
    }
    series.remove(identity);
    removed(identity);
    return true;
  }

  private void put(Identity identity, EventSeries begun) {
    series.put(identity, begun);
    if (!identity.note().isEmpty()) {
      notes.merge(identity.group(), 1, Integer::sum);
    }
    if (series.size() > mostSeries) {
      Identity eldest = series.keySet().iterator().next();
      series.remove(eldest);
      removed(eldest);
    }
  }

  private void removed(Identity identity) {
    if (!identity.note().isEmpty()) {
      notes.computeIfPresent(identity.group(), (group, count) -> count > 1 ? count - 1 : null);
    }
  }

  private void forgetQuiet(long now) {
    Iterator<Map.Entry<Identity, EventSeries>> eldestFirst = series.entrySet().iterator();
    while (eldestFirst.hasNext()) {
      Map.Entry<Identity, EventSeries> eldest = eldestFirst.next();
      if (eldest.getValue().idle(now).compareTo(WINDOW) <= 0) {
        return;
      }
      eldestFirst.remove();
      removed(eldest.getKey());
    }
  }

  /** A DNS subdomain that begins with the object's name, as all Events have it. */
  private String name(ObjectRef regarding) {
    String suffix = "." + String.format("%016x", ids.getAsLong());
    String name = regarding.name();
    int end = Math.min(name.length(), NAME_LIMIT - suffix.length());
    while (end > 0 && !Character.isLetterOrDigit(name.charAt(end - 1))) {
      end--;
    }
    return name.substring(0, end) + suffix;
  }
}
