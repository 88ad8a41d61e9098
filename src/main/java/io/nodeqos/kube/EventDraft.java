// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import io.nodeqos.events.QosEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What an Event will say.
 *
 * @param at when it happened
 * @param related the policy of which it is a consequence
 * @param note at most 1024 bytes of UTF-8, the most that the API server takes
 */
record EventDraft(
    Instant at, ObjectRef regarding, Optional<ObjectRef> related, Kind kind, String note) {
  private static final int MOST_NOTE_BYTES = 1024;
  private static final String CUT = "…";
  private static final String COMBINED = "(combined from similar events) ";

  /**
   * What kind of Event.
   *
   * @param reason CamelCase, for machines: why
   * @param action CamelCase, for machines: what was done
   */
  record Kind(boolean warning, String reason, String action) {}

  private static final Map<QosEvent.Type, Kind> KINDS =
      Map.ofEntries(
          Map.entry(QosEvent.Type.CONFIG_UPDATED, new Kind(false, "ConfigUpdated", "Configure")),
          Map.entry(QosEvent.Type.WARMUP_STARTED, new Kind(false, "WarmUpStarted", "WarmUp")),
          Map.entry(QosEvent.Type.WARMUP_TIMED_OUT, new Kind(true, "WarmUpTimedOut", "WarmUp")),
          Map.entry(QosEvent.Type.WARMUP_DONE, new Kind(false, "WarmedUp", "WarmUp")),
          Map.entry(QosEvent.Type.WARMUP_LOST, new Kind(true, "WarmUpLost", "WarmUp")),
          Map.entry(QosEvent.Type.CLEANED, new Kind(false, "Cleaned", "Clean")),
          Map.entry(
              QosEvent.Type.ORPHAN_STARTUP_TAINT, new Kind(true, "OrphanStartupTaint", "Report")),
          Map.entry(QosEvent.Type.WORKER_FAILED, new Kind(true, "WorkerFailed", "Configure")),
          Map.entry(QosEvent.Type.POLICY_VALID, new Kind(false, "PolicyValid", "Validate")),
          Map.entry(QosEvent.Type.POLICY_INVALID, new Kind(true, "PolicyInvalid", "Validate")),
          Map.entry(QosEvent.Type.WRITE_REFUSED, new Kind(true, "WriteRefused", "Write")));

  /**
   * Empty for what is about no object of the cluster: a failing worker that worked on no node, and
   * a change of leader, which the Lease tells.
   */
  static Optional<EventDraft> of(QosEvent event) {
    Kind kind = KINDS.get(event.type());
    if (kind == null || (event.node().isNone() && event.policy().isNone())) {
      return Optional.empty();
    }
    Optional<ObjectRef> policy =
        Optional.of(event.policy()).filter(p -> !p.isNone()).map(ObjectRef::policy);
    return Optional.of(
        event.node().isNone()
            ? new EventDraft(event.at(), policy.get(), Optional.empty(), kind, cut(event.message()))
            : new EventDraft(
                event.at(), ObjectRef.node(event.node()), policy, kind, cut(event.message())));
  }

  /** What those have in common that happen to one object for one reason. */
  record Group(ObjectRef regarding, Kind kind) {}

  Group group() {
    return new Group(regarding, kind);
  }

  /** Stands for any number of notes from this one on. */
  EventDraft combined() {
    return new EventDraft(at, regarding, related, kind, cut(COMBINED + note));
  }

  /** Whole code points only: half a one would be no UTF-8. */
  private static String cut(String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length <= MOST_NOTE_BYTES) {
      return text;
    }
    int left = MOST_NOTE_BYTES - CUT.getBytes(StandardCharsets.UTF_8).length;
    int end = 0;
    while (end < text.length()) {
      int codePoint = text.codePointAt(end);
      left -= Character.toString(codePoint).getBytes(StandardCharsets.UTF_8).length;
      if (left < 0) {
        break;
      }
      end += Character.charCount(codePoint);
    }
    return text.substring(0, end) + CUT;
  }
}
