// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.policy.rollout.RolloutState;
import java.util.Locale;
import java.util.Optional;

/** What a reader must know about a rollout, in a sentence, and the next command. */
final class RolloutSentence {
  private final RolloutView view;

  RolloutSentence(RolloutView view) {
    this.view = view;
  }

  /** The last sentence of the status, with a full stop. */
  String last() {
    String generation = "Generation " + view.versions().policy().meta().generation();
    if (view.versions().isDryRun()) {
      return generation + " is a dry run: no node gets it.";
    }
    if (view.problem().isPresent()) {
      return generation + " is not valid: " + stopped(view.problem().get()) + stays();
    }
    if (view.strategy().isEmpty()) {
      return view.outcome() == RolloutOutcome.COMPLETE
          ? "No spec.rollout: all nodes follow revision " + numbered(view.stable()) + " at once."
          : "No spec.rollout: all nodes follow "
              + generation.toLowerCase(Locale.ROOT)
              + " at once; the controller has not recorded it yet.";
    }
    return view.present()
        .map(this::last)
        .orElse("The controller has not begun with generation " + generation() + " yet.");
  }

  private String last(RolloutState now) {
    String said =
        now.message().isEmpty()
            ? "All nodes carry revision " + numbered(view.stable()) + "."
            : stopped(now.message());
    if (view.isRetried(now)) {
      return said + " A retry is asked for.";
    }
    if (now.phase().isUnderWay() && !now.phase().isBack()) {
      boolean isSeen = now.reason().equals("PausedBySpec");
      if (view.isPaused() != isSeen && !now.reason().equals("Suspended")) {
        return isSeen
            ? "spec.rollout.paused is no longer true: the rollout goes on."
            : said + " spec.rollout.paused is true.";
      }
    }
    boolean isAskedFor =
        view.outcome() == RolloutOutcome.UNDER_WAY && now.reason().equals("AwaitsPromotion");
    return isAskedFor ? said + " The promotion is asked for." : said;
  }

  private long generation() {
    return view.versions().policy().meta().generation();
  }

  /** Which command the reader may want; empty when there is nothing to do. */
  Optional<String> next() {
    String policy = view.policy();
    RolloutOutcome outcome = view.outcome();
    if (outcome == RolloutOutcome.FAILED) {
      return view.isRolledBack()
          ? Optional.of(
              "change the policy, or try the revision again: nodeqos rollout retry " + policy)
          : Optional.empty();
    }
    if (outcome != RolloutOutcome.WAITS_FOR_PERSON) {
      return Optional.empty();
    }
    String reason = view.present().map(RolloutState::reason).orElse("");
    if (reason.equals("Suspended")) {
      return Optional.of("set spec.suspend of the policy to false");
    }
    if (view.isPaused()) {
      return Optional.of("nodeqos rollout resume " + policy);
    }
    return switch (reason) {
      case "AwaitsPromotion" -> Optional.of("nodeqos rollout promote " + policy);
      case "TooManyFailed" ->
          Optional.of(
              "nodeqos rollout undo " + policy + ", or go on: nodeqos rollout promote " + policy);
      default -> Optional.empty();
    };
  }

  /** The revision with its generation, where that is known. */
  private String numbered(String revision) {
    return revision
        + view.versions()
            .newest(revision)
            .map(r -> " (generation " + r.generation() + ")")
            .orElse("");
  }

  private String stays() {
    return view.versions()
        .newest()
        .map(PolicyRevision::generation)
        .map(number -> " Generation " + number + " stays in force.")
        .orElse("");
  }

  private static String stopped(String text) {
    return text.endsWith(".") ? text : text + ".";
  }

  /** Who carries which revision while a rollout is under way. */
  String between() {
    if (!view.isUnderWay()) {
      return "No rollout is under way.";
    }
    RolloutState now = view.present().orElseThrow();
    String stable = view.stable().isEmpty() ? "no revision yet" : view.stable();
    int updated = view.nodes().map(n -> n.names().size()).orElse(now.counts().updated());
    String names = view.nodes().map(RolloutSentence::named).orElse("");
    return "Revision "
        + view.target()
        + " is on "
        + updated
        + " of "
        + now.counts().nodes()
        + " nodes"
        + names
        + "; the others carry "
        + stable
        + ".";
  }

  private static String named(NodesOnTarget nodes) {
    int shown = Math.min(nodes.names().size(), RolloutState.MAX_FAILED);
    if (shown == 0) {
      return "";
    }
    int more = nodes.names().size() - shown;
    return " ("
        + String.join(", ", nodes.names().subList(0, shown))
        + (more > 0 ? " and " + more + " more" : "")
        + ")";
  }
}
