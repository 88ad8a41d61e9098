// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import io.nodeqos.history.InboxMessage.Seen;
import io.nodeqos.history.Transition.Type;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds the transitions of a node from its marks before and now. A pure function, so that all
 * replicas find the same from the same changes.
 */
final class TransitionFinder {
  private static final int MAX_MESSAGE = 1_000;
  private static final int TRACE_ID = 32;

  private final Function<String, ? extends Collection<String>> policiesOf;
  private final String traceparentKey;

  /**
   * @param policiesOf reads the names of the policies in a value of the annotation {@link
   *     Keys#CONFIG}
   * @param traceparentKey the annotation that names the trace of the last write
   */
  TransitionFinder(
      Function<String, ? extends Collection<String>> policiesOf, String traceparentKey) {
    this.policiesOf = policiesOf;
    this.traceparentKey = traceparentKey;
  }

  /**
   * @param before empty for an unknown node
   */
  List<Transition> find(Optional<NodeMarks> before, NodeMarks now, Seen seen) {
    Draft draft = new Draft(seen, now);
    return before.isEmpty() ? draft.fromNothing() : draft.since(before.get());
  }

  /** The marks to compare with next time. */
  static NodeMarks next(Optional<NodeMarks> before, NodeMarks now) {
    return now.withLastDone(now.isWarm() ? now.done() : before.map(NodeMarks::lastDone).orElse(""));
  }

  private final class Draft {
    private final Seen seen;
    private final NodeMarks now;
    private final String message;
    private final List<Transition> found = new ArrayList<>();

    Draft(Seen seen, NodeMarks now) {
      this.seen = seen;
      this.now = now;
      this.message =
          seen.node()
              .condition(Keys.WARMED_UP_CONDITION)
              .map(NodeCondition::message)
              .map(TransitionFinder::shortened)
              .orElse("");
    }

    /** Only the present state is known: one entry describes it, with the times on the Node. */
    List<Transition> fromNothing() {
      if (now.isWarm()) {
        add(Type.WARMUP_DONE, now.reason(), message, writtenEpoch(), trace());
      } else if (now.isWaiting()) {
        add(Type.WARMUP_STARTED, now.reason(), message, writtenEpoch(), trace());
      } else if (now.hasConfig()) {
        add(Type.CONFIG_UPDATED, "", configuration(), writtenEpoch(), trace());
      }
      return found;
    }

    List<Transition> since(NodeMarks before) {
      if (before.isMarked() && !now.isMarked()) {
        add(
            Type.WARMUP_LOST,
            "",
            "The warm-up mark was removed from the node.",
            writtenEpoch(),
            trace());
      }
      if (!before.configVersion().equals(now.configVersion())) {
        add(
            now.hasConfig() ? Type.CONFIG_UPDATED : Type.CONFIG_REMOVED,
            "",
            now.hasConfig() ? configuration() : "The configuration was removed from the node.",
            writtenEpoch(),
            trace());
      }
      if (now.isWaiting() && !before.isWaiting()) {
        add(Type.WARMUP_STARTED, now.reason(), message, seen.epoch(), trace());
      } else if (now.isWaiting() && !before.reason().equals(now.reason())) {
        // Written to the status alone, which carries neither term nor trace.
        add(Type.WARMUP_WAITING, now.reason(), message, seen.epoch(), "");
      }
      if (now.isWarm() && !now.done().equals(before.lastDone())) {
        if (message.startsWith(NodeCondition.RELEASED)) {
          add(Type.WARMUP_TIMED_OUT, now.reason(), message, writtenEpoch(), trace());
        }
        add(Type.WARMUP_DONE, now.reason(), warm(before), writtenEpoch(), trace());
      }
      return found;
    }

    private String warm(NodeMarks before) {
      Optional<Duration> took =
          markedAt()
              .filter(at -> before.isWaiting() && before.since().isAfter(Instant.EPOCH))
              .map(at -> Duration.between(before.since(), at))
              .filter(d -> !d.isNegative());
      String words = message.startsWith(NodeCondition.RELEASED) ? "" : " " + message;
      return "The node became warm"
          + took.map(d -> " after " + d.toSeconds() + "s").orElse("")
          + "."
          + words;
    }

    private String configuration() {
      List<String> policies = policies();
      return "Configuration "
          + now.configVersion()
          + " was written to the node"
          + (policies.isEmpty() ? "" : ", from policy " + String.join(", ", policies))
          + ".";
    }

    private void add(Type type, String reason, String sentence, long epoch, String trace) {
      found.add(
          new Transition(
              seen.witnessed() ? seen.at() : toldBy(type),
              now.node(),
              now.uid(),
              type,
              reason,
              sentence,
              now.configVersion(),
              policies(),
              epoch,
              "",
              trace,
              !seen.witnessed()));
    }

    /** The time on the Node; for a transition without a time there, the time of reading. */
    private Instant toldBy(Type type) {
      Instant reportedAt =
          switch (type) {
            case WARMUP_DONE, WARMUP_TIMED_OUT -> markedAt().orElse(now.since());
            case WARMUP_STARTED -> now.since();
            default -> Instant.EPOCH;
          };
      return reportedAt.isAfter(Instant.EPOCH) && reportedAt.isBefore(seen.at())
          ? reportedAt
          : seen.at();
    }

    private Optional<Instant> markedAt() {
      try {
        return now.markedAt().isEmpty()
            ? Optional.empty()
            : Optional.of(Instant.parse(now.markedAt()));
      } catch (DateTimeException somebodyElseWroteIt) {
        return Optional.empty();
      }
    }

    private List<String> policies() {
      String config = seen.node().annotations().get(Keys.CONFIG);
      return config == null || !now.hasConfig()
          ? List.of()
          : policiesOf.apply(config).stream().sorted().toList();
    }

    private long writtenEpoch() {
      String epoch = seen.node().annotations().getOrDefault(Keys.LEADER_EPOCH, "");
      try {
        return epoch.isEmpty() ? 0 : Long.parseLong(epoch);
      } catch (NumberFormatException somebodyElseWroteIt) {
        return 0;
      }
    }

    /** The second field of a traceparent: version, trace id, span id and flags. */
    private String trace() {
      String[] fields = annotation(seen.node(), traceparentKey).split("-", -1);
      return fields.length == 4 && fields[1].length() == TRACE_ID ? fields[1] : "";
    }
  }

  private static String annotation(NodeView node, String key) {
    return node.annotations().getOrDefault(key, "");
  }

  private static String shortened(String text) {
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE - 1) + "…";
  }
}
