// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import java.time.Instant;
import java.util.List;

/** Transitions whose messages are numbers. */
final class Transitions {
  private static final Instant BEGIN = Instant.parse("2026-03-01T10:00:00Z");

  private Transitions() {}

  static Instant at(int second) {
    return BEGIN.plusSeconds(second);
  }

  /** In this second. */
  static Transition of(String node, int number) {
    return of(node, number, at(number));
  }

  static Transition of(String node, int number, Instant at) {
    return of(node, Integer.toString(number), at);
  }

  static Transition of(String node, String message, Instant at) {
    return new Transition(
        at,
        node,
        "uid-" + node,
        Transition.Type.WARMUP_STARTED,
        "ReservedPodsNotReady",
        message,
        "8e511fae45",
        List.of("base", "gold"),
        3,
        "leader-0_uid",
        Nodes.TRACE,
        false);
  }

  static HistoryQuery query(String node, int sinceSecond, int limit) {
    return query(node, sinceSecond, limit, Long.MAX_VALUE);
  }

  static HistoryQuery query(String node, int sinceSecond, int limit, long before) {
    return new HistoryQuery(node, at(sinceSecond), before, limit);
  }
}
