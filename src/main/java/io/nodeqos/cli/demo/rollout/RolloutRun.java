// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo.rollout;

import com.google.gson.JsonObject;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.sim.fleet.Fleet;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs the good and the bad rollout one after the other. For one thread. */
final class RolloutRun {
  private static final Duration ROLLOUT_LIMIT = Duration.ofMinutes(3);
  private static final Duration LINE_INTERVAL = Duration.ofSeconds(2);
  private static final long PAUSE_MILLIS = 200;

  private final RolloutStage stage;
  private final Consumer<String> out;
  private final TimeSource time;
  private final long start;
  private Fleet fleet;
  private String shown = "";
  private long shownAt;

  /** It cannot go on. The message is a sentence without a full stop. */
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    Failed(String message) {
      super(message);
    }
  }

  /**
   * @param out takes lines
   * @param time the one by which the API server stamps its request log
   */
  RolloutRun(RolloutStage stage, Consumer<String> out, TimeSource time) {
    this.stage = stage;
    this.out = out;
    this.time = time;
    this.start = time.nanos();
  }

  /** Lets the nodes join and then makes both changes. */
  RolloutSummary run(int nodes, long seed, int replicas)
      throws IOException, InterruptedException, Failed {
    fleet = stage.start(nodes, seed, replicas);
    warmUp(nodes);
    List<JsonObject> changes = RolloutStage.changes();
    RolloutResult good = follow("good", changes.get(0));
    return new RolloutSummary(good, follow("bad", changes.get(1)));
  }

  private void warmUp(int nodes) throws InterruptedException, Failed, IOException {
    long limit = time.nanos() + Duration.ofMinutes(2).plusMillis(100L * nodes).toNanos();
    int warm = 0;
    while (warm < nodes || stage.rollout().isEmpty()) {
      pause(limit, "not all nodes are warm, or the policy's status does not say its revision");
      warm = stage.record().warm();
      show("warming up", "", warm + "/" + nodes + " nodes");
    }
  }

  private RolloutResult follow(String name, JsonObject change)
      throws IOException, InterruptedException, Failed {
    String stable = stage.rollout().orElseThrow().revisions().stable();
    stage.record().begin();
    Instant began = time.wallTime();
    long limit = time.nanos() + ROLLOUT_LIMIT.toNanos();
    out.accept("");
    out.accept(
        seconds() + "  a " + name + " change of the policy; its stable revision is " + stable);
    stage.edit(change);
    RolloutState state = state();
    while (!isOver(state, stable)) {
      pause(limit, "the " + name + " rollout is not over: " + state.message());
      state = state();
      show(state, stable);
    }
    Instant ended = time.wallTime();
    show(state.phase().text(), name, state.message());
    String target = state.revisions().target();
    Instant calmUntil = ended.plus(RolloutResult.OBSERVATION_PERIOD);
    while (time.wallTime().isBefore(calmUntil)) {
      pause(limit, "the " + name + " rollout is not over");
    }
    return RolloutResult.of(
        state,
        stable,
        target,
        stage.record().history(),
        new RolloutResult.Writes(
            stage.writesToNodes(began, ended), stage.writesToNodes(ended, calmUntil)),
        Duration.between(began, ended));
  }

  private RolloutState state() throws IOException {
    return stage.rollout().orElseThrow();
  }

  /** The record is still that of the rollout before at first. */
  private static boolean isOver(RolloutState state, String stable) {
    return state.phase() == RolloutPhase.COMPLETE
        ? !state.revisions().stable().equals(stable)
        : state.phase() == RolloutPhase.ROLLED_BACK;
  }

  /** The counts of the record are some seconds old: those of the watch are shown. */
  private void show(RolloutState state, String stable) {
    String target = state.revisions().target();
    if (!state.phase().isUnderWay() || target.equals(stable)) {
      return;
    }
    int updated = stage.record().carrying(target);
    show(
        state.phase().text(),
        target + state.progress().step(),
        state.phase() == RolloutPhase.ROLLING_BACK
            ? updated + " nodes still have the change. " + state.message()
            : "step "
                + state.progress().step()
                + " of "
                + state.progress().steps()
                + ": "
                + updated
                + "/"
                + state.counts().wanted()
                + " nodes have the change");
  }

  /**
   * A line at once for something new, and every 2 s for the rest.
   *
   * @param about with the phase, tells new from old
   */
  private void show(String phase, String about, String text) {
    long now = time.nanos();
    boolean isNew = !(phase + about).equals(shown);
    if (isNew || now - shownAt >= LINE_INTERVAL.toNanos()) {
      shown = phase + about;
      shownAt = now;
      out.accept(seconds() + "  " + String.format("%-13s", phase) + text);
    }
  }

  private String seconds() {
    return String.format(Locale.ROOT, "%5.1f s", (time.nanos() - start) / 1e9);
  }

  private void pause(long limit, String late) throws InterruptedException, Failed {
    Thread.sleep(PAUSE_MILLIS);
    Optional<String> problem = stage.problem(fleet);
    if (problem.isPresent()) {
      throw new Failed(problem.get());
    }
    if (time.nanos() > limit) {
      throw new Failed(late);
    }
  }
}
