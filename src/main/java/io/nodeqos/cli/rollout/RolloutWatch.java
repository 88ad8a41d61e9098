// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.rollout;

import com.google.gson.JsonObject;
import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.watch.ObjectWatch;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Failure;
import io.nodeqos.time.Pauses;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Follows a rollout by a watch of its policy, and prints what is new. An API server that is away
 * for a while does not end it.
 */
final class RolloutWatch {
  /** The API server can be away for as long while it is upgraded. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration FOR_EVER = Duration.ofDays(3650);

  private final ClusterOptions cluster;
  private final OutputOptions output;
  private final Pauses pauses;
  private final Set<Failure> failures = new HashSet<>();
  private RolloutView last;
  private String said = "";

  RolloutWatch(ClusterOptions cluster, OutputOptions output, Pauses pauses) {
    this.cluster = cluster;
    this.output = output;
    this.pauses = pauses;
  }

  /**
   * Follows it until it has ended or waits for a person.
   *
   * @param first as it was read
   * @param limit zero for none
   * @return the outcome at the end, or at the limit
   */
  RolloutOutcome until(RolloutView first, Duration limit) throws InterruptedException {
    begin(first);
    boolean isShown = first.outcome() != RolloutOutcome.UNDER_WAY;
    ObjectWatch<PolicyObject> watch =
        new ObjectWatch<>(
            cluster.clients().read(cluster.requestTimeout()),
            CacheSource.policies().named(first.policy()),
            pauses.time());
    long start = pauses.time().nanos();
    long answered = start;
    boolean isAway = false;
    while (last.outcome() == RolloutOutcome.UNDER_WAY) {
      Duration left = left(limit, start);
      if (left.isNegative() || left.isZero()) {
        output.remark(
            "the rollout of policy "
                + first.policy()
                + " has not ended within "
                + GoDuration.format(limit));
        return RolloutOutcome.UNDER_WAY;
      }
      try {
        switch (watch.follow(
            last.versions().policy().meta().resourceVersion(), left, this::isEnd)) {
          case DELETED ->
              throw CommandException.failed(
                  "NotFound", "policy " + first.policy() + " was deleted");
          case CLOSED -> {
            show(RolloutView.of(VersionsReader.of(cluster).tryRead(first.policy())));
            rest(left(limit, start));
          }
          case SEEN -> {}
        }
        answered = pauses.time().nanos();
        isAway = false;
      } catch (IOException e) {
        ApiFailure why = ApiRefusal.failureOf(e);
        if (why.denied() || pauses.time().since(answered).compareTo(PATIENCE) >= 0) {
          throw CommandException.failed(
                  "ClusterNotReadable",
                  "policy " + first.policy() + " cannot be watched: " + why.message())
              .causedBy(e);
        }
        if (!isAway) {
          output.remark(why.message() + "; still trying");
        }
        isAway = true;
        rest(left);
      }
    }
    if (!output.isStructured() && !isShown) {
      new RolloutSentence(last).next().ifPresent(n -> output.printLines(List.of("next: " + n)));
    }
    return last.outcome();
  }

  private Duration left(Duration limit, long start) {
    return (limit.isZero() ? FOR_EVER : limit).minus(pauses.time().since(start));
  }

  /** Requests that end at once must not become a busy loop. */
  private void rest(Duration left) throws InterruptedException {
    if (!left.isNegative()) {
      pauses.sleep(left.compareTo(PAUSE) < 0 ? left : PAUSE);
    }
  }

  private void begin(RolloutView first) {
    last = first;
    first.present().map(RolloutState::failed).ifPresent(failures::addAll);
    Instant now = now();
    if (output.isStructured()) {
      print(first, now);
    } else {
      output.printLines(new RolloutText(output.text(), now).lines(first));
      said = new RolloutText(output.text(), Instant.EPOCH).progress(first);
    }
  }

  private boolean isEnd(PolicyObject policy) {
    show(last.at(policy));
    return last.outcome() != RolloutOutcome.UNDER_WAY;
  }

  private void show(RolloutView view) {
    last = view;
    if (output.isStructured()) {
      print(last, now());
    } else {
      printProgress();
    }
    output.endIfClosed();
  }

  private void print(RolloutView view, Instant now) {
    JsonObject body = RolloutStatusJson.of(view, now);
    // Zones are only read once, and the time passes.
    String text = RolloutStatusJson.of(RolloutView.of(view.versions()), Instant.EPOCH).toString();
    if (!text.equals(said)) {
      said = text;
      output.printLine(RolloutStatusJson.KIND, body);
    }
  }

  private void printProgress() {
    List<String> lines = new ArrayList<>();
    last.present().map(RolloutState::failed).orElse(List.of()).stream()
        .filter(failures::add)
        .map(RolloutText::failure)
        .forEach(lines::add);
    String text = new RolloutText(output.text(), Instant.EPOCH).progress(last);
    if (!text.equals(said)) {
      said = text;
      lines.add(new RolloutText(output.text(), now()).progress(last));
    }
    output.printLines(lines);
  }

  private Instant now() {
    return pauses.time().wallTime().truncatedTo(ChronoUnit.SECONDS);
  }
}
