// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.reconcile.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Faults by enumeration, in the manner of Sieve: every plan of a kind, for every scenario. The end
 * equals that of an undisturbed run, nothing is written afterwards, no write touches a field of
 * others, and a disturbance costs a bounded number of writes.
 */
class FaultPlansTest {
  /** A write that is repeated for each of two nodes and two policies, in two patches. */
  private static final int EXTRA_WRITES = 8;

  private enum Moment {
    BEFORE,
    AFTER,
    REPLY_LOST
  }

  /** A disturbance with the text of a failure. */
  private record Plan(String text, Story.Disturbance disturbance) {}

  /** The leader dies around the k-th write, or does not learn that it was done. */
  private record Death(int k, Moment moment, boolean hasReplica, int behind, Story.Cache stale)
      implements Story.Disturbance {
    @Override
    public void beforeWrite(int write, Story story) {
      boolean lost = write == k && moment == Moment.REPLY_LOST;
      story.outside.api.loseReplies(lost);
      story.outside.policyApi.loseReplies(lost);
      if (write == k && moment == Moment.BEFORE) {
        throw new Story.Killed();
      }
    }

    @Override
    public void afterWrite(int write, Story story) {
      if (write == k && moment == Moment.AFTER) {
        throw new Story.Killed();
      }
    }
  }

  /** Acts of which nobody sees the state in between: one bit for each act but the last. */
  private record Unobserved(int seen) implements Story.Disturbance {
    @Override
    public boolean isSeen(int act) {
      return (seen >> act & 1) == 1;
    }
  }

  private record Order(List<Integer> order) implements Story.Disturbance {}

  /** From an act on, the next requests on nodes are answered with a failure. */
  private record Refusal(int act, WriteResult answer, int times) implements Story.Disturbance {
    @Override
    public void after(int now, Story story) {
      for (int i = 0; now == act && i < times; i++) {
        story.outside.api.thenAnswer(answer);
        story.outside.policyApi.thenAnswer(answer);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLeaderDiesAroundEveryWrite(Scenario scenario, TestReporter reporter) {
    int writes = undisturbed(scenario).writes();
    assertTrue(writes >= scenario.size(), "writes: " + writes);
    List<Plan> plans = new ArrayList<>();
    for (int k = 1; k <= writes; k++) {
      for (Moment moment : Moment.values()) {
        for (boolean replica : List.of(false, true)) {
          for (int behind = 0; behind < 3; behind++) {
            Death death = new Death(k, moment, replica, behind, Story.Cache.ALL);
            plans.add(new Plan(death.toString(), death));
          }
        }
      }
    }
    run(scenario, plans, reporter);
  }

  @ParameterizedTest
  @EnumSource
  void aNewLeaderIsBehindInOneCache(Scenario scenario, TestReporter reporter) {
    int writes = undisturbed(scenario).writes();
    List<Plan> plans = new ArrayList<>();
    for (int k = 1; k <= writes; k++) {
      for (Story.Cache stale : Story.Cache.values()) {
        for (int behind : List.of(1, 2, 3, scenario.size())) {
          Death death = new Death(k, Moment.AFTER, false, behind, stale);
          plans.add(new Plan(death.toString(), death));
        }
      }
    }
    run(scenario, plans, reporter);
  }

  @ParameterizedTest
  @EnumSource
  void anySetOfStatesIsNeverSeen(Scenario scenario, TestReporter reporter) {
    List<Plan> plans = new ArrayList<>();
    for (int seen = 0; seen < 1 << (scenario.size() - 1); seen++) {
      plans.add(new Plan("seen acts " + Integer.toBinaryString(seen), new Unobserved(seen)));
    }
    run(scenario, plans, reporter);
  }

  @ParameterizedTest
  @EnumSource
  void resourcesComeInAnyOrder(Scenario scenario, TestReporter reporter) {
    List<Plan> plans = new ArrayList<>();
    for (List<Integer> order :
        List.of(
            List.of(0, 2, 1),
            List.of(1, 0, 2),
            List.of(1, 2, 0),
            List.of(2, 0, 1),
            List.of(2, 1, 0))) {
      plans.add(new Plan("nodes, pods, policies as " + order, new Order(order)));
    }
    run(scenario, plans, reporter);
  }

  @ParameterizedTest
  @EnumSource
  void requestsAreRefusedForAWhile(Scenario scenario, TestReporter reporter) {
    List<WriteResult> answers =
        List.of(
            new WriteResult.Conflict(),
            new WriteResult.Retry("HTTP 429", Duration.ofSeconds(3)),
            new WriteResult.Retry("HTTP 500", Duration.ZERO),
            new WriteResult.Rejected(403, "forbidden"),
            new WriteResult.Rejected(422, "invalid"));
    List<Plan> plans = new ArrayList<>();
    for (int act = 0; act < scenario.size(); act++) {
      for (WriteResult answer : answers) {
        for (int times = 1; times <= 3; times++) {
          Refusal refusal = new Refusal(act, answer, times);
          plans.add(new Plan(refusal.toString(), refusal));
        }
      }
    }
    run(scenario, plans, reporter);
  }

  private static Story undisturbed(Scenario scenario) {
    return new Story(scenario, Story.Disturbance.NONE).play();
  }

  private static void run(Scenario scenario, List<Plan> plans, TestReporter reporter) {
    Story undisturbed = undisturbed(scenario);
    for (Plan plan : plans) {
      Story story = new Story(scenario, plan.disturbance);
      try {
        story.play();
      } catch (AssertionError e) {
        throw new AssertionError(plan.text, e);
      }
      assertEquals(undisturbed.outside.end(), story.outside.end(), plan.text);
      assertTrue(
          story.nodeWrites() <= undisturbed.nodeWrites() + EXTRA_WRITES,
          () ->
              "%s: %d writes to nodes, %d undisturbed"
                  .formatted(plan.text, story.nodeWrites(), undisturbed.nodeWrites()));
    }
    reporter.publishEntry(scenario.toString(), plans.size() + " plans");
  }
}
