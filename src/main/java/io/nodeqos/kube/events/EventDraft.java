// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import io.nodeqos.events.QosEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * The content of an Event.
 *
 * @param at when it happened
 * @param related the policy that caused it
 * @param note at most 1024 bytes of UTF-8, the most that the API server takes
 */
record EventDraft(
    Instant at, ObjectRef regarding, Optional<ObjectRef> related, Kind kind, String note) {
  private static final int MAX_NOTE_BYTES = 1024;
  private static final String ROLL_OUT = "RollOut";
  private static final String CUT = "…";
  private static final String COMBINED = "(combined from similar events) ";

  /**
   * The kind of an Event.
   *
   * @param reason CamelCase, machine-readable: why
   * @param action CamelCase, machine-readable: which action
   */
  record Kind(boolean warning, String reason, String action) {}

  /** Empty for a change of leader, which the Lease shows. */
  private static Optional<Kind> kind(QosEvent.Type type) {
    return switch (type) {
      case CONFIG_UPDATED -> Optional.of(new Kind(false, "ConfigUpdated", "Configure"));
      case WARMUP_STARTED -> Optional.of(new Kind(false, "WarmUpStarted", "WarmUp"));
      case WARMUP_WAITING -> Optional.of(new Kind(false, "WarmUpWaiting", "WarmUp"));
      case GATE_DEADLOCK -> Optional.of(new Kind(true, "GateDeadlock", "WarmUp"));
      case WARMUP_TIMED_OUT -> Optional.of(new Kind(true, "WarmUpTimedOut", "WarmUp"));
      case WARMUP_DONE -> Optional.of(new Kind(false, "WarmedUp", "WarmUp"));
      case WARMUP_LOST -> Optional.of(new Kind(true, "WarmUpLost", "WarmUp"));
      case WORKER_FAILED -> Optional.of(new Kind(true, "WorkerFailed", "Configure"));
      case POLICY_VALID -> Optional.of(new Kind(false, "PolicyValid", "Validate"));
      case POLICY_INVALID -> Optional.of(new Kind(true, "PolicyInvalid", "Validate"));
      case POLICY_SUSPENDED -> Optional.of(new Kind(false, "PolicySuspended", "Suspend"));
      case POLICY_RESUMED -> Optional.of(new Kind(false, "PolicyResumed", "Suspend"));
      case IMAGE_PULL_FAILED -> Optional.of(new Kind(true, "ImagePullFailed", "PullImages"));
      case BRAKED -> Optional.of(new Kind(true, "Braked", "Brake"));
      case WRITE_REFUSED -> Optional.of(new Kind(true, "WriteRefused", "Write"));
      case WRITES_DAMPED -> Optional.of(new Kind(true, "WritesDamped", "Write"));
      case CLEANED -> Optional.of(new Kind(false, "Cleaned", "Clean"));
      case ORPHAN_STARTUP_TAINT -> Optional.of(new Kind(true, "OrphanStartupTaint", "Report"));
      case ROLLOUT_STARTED -> Optional.of(new Kind(false, "RolloutStarted", ROLL_OUT));
      case ROLLOUT_STEP_DONE -> Optional.of(new Kind(false, "RolloutStepDone", ROLL_OUT));
      case ROLLOUT_PAUSED -> Optional.of(new Kind(false, "RolloutPaused", ROLL_OUT));
      case ROLLOUT_FAILING -> Optional.of(new Kind(true, "RolloutFailing", ROLL_OUT));
      case ROLLOUT_RESUMED -> Optional.of(new Kind(false, "RolloutResumed", ROLL_OUT));
      case ROLLING_BACK -> Optional.of(new Kind(true, "RollingBack", "RollBack"));
      case ROLLED_BACK -> Optional.of(new Kind(true, "RolledBack", "RollBack"));
      case ROLLOUT_COMPLETE -> Optional.of(new Kind(false, "RolloutComplete", ROLL_OUT));
      case LEADER_CHANGED -> Optional.empty();
    };
  }

  /**
   * Empty for an event without an object of the cluster: a failing worker that worked on no node,
   * and a change of leader, which the Lease shows.
   */
  static Optional<EventDraft> of(QosEvent event) {
    if (event.node().isNone() && event.policy().isNone()) {
      return Optional.empty();
    }
    return kind(event.type()).map(kind -> of(event, kind));
  }

  private static EventDraft of(QosEvent event, Kind kind) {
    Optional<ObjectRef> policy =
        Optional.of(event.policy()).filter(p -> !p.isNone()).map(ObjectRef::policy);
    return event.node().isNone()
        ? new EventDraft(event.at(), policy.get(), Optional.empty(), kind, cut(event.message()))
        : new EventDraft(
            event.at(), ObjectRef.node(event.node()), policy, kind, cut(event.message()));
  }

  /** The common part of all drafts of one object and one reason. */
  record Group(ObjectRef regarding, Kind kind) {}

  Group group() {
    return new Group(regarding, kind);
  }

  /** Represents any number of notes from this one on. */
  EventDraft combined() {
    return new EventDraft(at, regarding, related, kind, cut(COMBINED + note));
  }

  /** Cuts at whole code points only: half a code point is not UTF-8. */
  private static String cut(String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length <= MAX_NOTE_BYTES) {
      return text;
    }
    int left = MAX_NOTE_BYTES - CUT.getBytes(StandardCharsets.UTF_8).length;
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
