// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import io.nodeqos.kube.events.EventReply.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The Events of an API server, with settable answers. */
final class FakeEventApi implements EventApi {
  /** How often each Event has happened, by its name. */
  final Map<String, Integer> counts = new LinkedHashMap<>();

  final List<EventDraft> created = new ArrayList<>();
  int creations;
  int patches;
  EventReply answer = EventReply.WRITTEN;

  void answer(Outcome outcome, Duration retryAfter) {
    answer = new EventReply(outcome, "as the test says", retryAfter);
  }

  void work() {
    answer = EventReply.WRITTEN;
  }

  @Override
  public EventReply create(EventWrite event) {
    creations++;
    if (answer.outcome() == Outcome.WRITTEN) {
      counts.put(event.name(), 1);
      created.add(event.draft());
    }
    return answer;
  }

  @Override
  public EventReply patchSeries(EventWrite event) {
    patches++;
    if (answer.outcome() == Outcome.WRITTEN) {
      counts.put(event.name(), event.count());
    }
    return answer;
  }

  int writes() {
    return creations + patches;
  }

  int counted() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  List<String> notes() {
    return created.stream().map(EventDraft::note).toList();
  }
}
