// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.gate.GateResult.State;
import io.nodeqos.node.Reason;
import io.nodeqos.node.TransientTaints;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.policy.spec.WarmUp.GateSpec;
import io.nodeqos.policy.spec.WarmUp.OnTimeout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Checks all gates of a node's warm-up and combines their answers. Thread-safe. */
public final class Gates {
  private final GateFactory factory;

  /** With the built-in transient taints only. */
  public Gates() {
    this(() -> TransientTaints.KNOWN);
  }

  /**
   * @param transientTaints called at each check
   */
  public Gates(Supplier<TransientTaints> transientTaints) {
    this.factory = new GateFactory(transientTaints);
  }

  /**
   * The answer of all gates.
   *
   * @param state OPEN when all are, WAITING when one is, else UNKNOWN
   * @param reason the reason of the gate with the oldest blocker; a deadlock comes before all, as
   *     waiting cannot end it
   * @param blockers of all gates, the oldest first, each once
   * @param released names of gates that count as open because their timeout has passed
   * @param nextTimeout the next moment at which a timeout changes the answer
   * @param checks the answer of each gate, in the order of the policy
   */
  public record Verdict(
      State state,
      Reason reason,
      List<Blocker> blockers,
      List<String> released,
      Optional<Instant> nextTimeout,
      List<GateCheck> checks) {}

  public Verdict check(GateInput input, Instant now) {
    State state = State.OPEN;
    Reason reason = Reason.WARMED_UP;
    List<Blocker> blockers = new ArrayList<>();
    List<String> released = new ArrayList<>();
    Optional<Instant> nextTimeout = Optional.empty();
    Blocker oldest = null;
    List<GateCheck> checks = new ArrayList<>();
    for (GateSpec spec : input.warmUp().gates()) {
      GateResult result = spec.accept(factory).check(input);
      Optional<Instant> deadline = spec.timing().timeout().map(input.since()::plus);
      boolean timedOut = deadline.isPresent() && !now.isBefore(deadline.get());
      boolean isOpen = result.state() == State.OPEN;
      boolean isReleased = !isOpen && timedOut && spec.timing().onTimeout() == OnTimeout.RELEASE;
      String name = name(spec, checks);
      checks.add(new GateCheck(name, spec.kind(), isOpen || isReleased, result));
      if (isReleased) {
        released.add(name);
      }
      if (isOpen || isReleased) {
        continue;
      }
      if (!timedOut && deadline.isPresent()) {
        nextTimeout = nextTimeout.filter(t -> t.isBefore(deadline.get())).or(() -> deadline);
      }
      if (state != State.WAITING) {
        state = result.state();
      }
      for (Blocker found : result.blockers()) {
        Blocker blocker = timedOut ? late(found, spec.timing().timeout().get()) : found;
        if (oldest == null || Blocker.OLDEST_FIRST.compare(blocker, oldest) < 0) {
          oldest = blocker;
          reason = result.reason();
        }
        blockers.add(blocker);
      }
    }
    return new Verdict(
        state,
        blockers.stream().anyMatch(Blocker::isDeadlock) ? Reason.GATE_DEADLOCK : reason,
        blockers.stream().distinct().sorted(Blocker.OLDEST_FIRST).toList(),
        List.copyOf(released),
        nextTimeout,
        List.copyOf(checks));
  }

  /**
   * The title, with a number where it occurs more than once (pods of two selectors, for example).
   */
  private static String name(GateSpec spec, List<GateCheck> before) {
    String name = spec.title();
    for (int n = 2; isTaken(name, before); n++) {
      name = spec.title() + " #" + n;
    }
    return name;
  }

  private static boolean isTaken(String name, List<GateCheck> before) {
    return before.stream().anyMatch(check -> check.name().equals(name));
  }

  private static Blocker late(Blocker blocker, Duration timeout) {
    return new Blocker(
        blocker.text() + " (for longer than " + GoDuration.format(timeout) + ")",
        blocker.object(),
        blocker.since(),
        blocker.isDeadlock());
  }
}
