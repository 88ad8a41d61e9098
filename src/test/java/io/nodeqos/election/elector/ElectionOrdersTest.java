// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Every order of the steps of two candidates up to a depth, with a few disturbances among them, for
 * the real hold, view and fence. {@link OrderedWorld} holds the invariants after each step; from
 * the last states of all orders a leader must follow. Orders that lead to the same state are
 * followed once. The system property {@code nodeqos.test.depth} searches deeper, {@code
 * nodeqos.test.disturbances} with more disturbances.
 */
class ElectionOrdersTest {
  private static final int DEPTH = Integer.getInteger("nodeqos.test.depth", 6);
  private static final int DISTURBANCES = Integer.getInteger("nodeqos.test.disturbances", 2);

  private static final Logger LOG =
      (Logger) LoggerFactory.getLogger(ElectionOrdersTest.class.getPackageName());

  /** Where the orders begin. */
  enum Beginning {
    /** No Lease, and two processes that have just started. */
    NEW_CLUSTER(),
    /** One leads, and the other one knows. */
    LEADER_AND_STANDBY(
        new Step(Step.Kind.LOOK, 0),
        new Step(Step.Kind.COMMIT, 0),
        new Step(Step.Kind.REPLY, 0),
        new Step(Step.Kind.LOOK, 0),
        new Step(Step.Kind.COMMIT, 0),
        new Step(Step.Kind.REPLY, 0),
        new Step(Step.Kind.PREPARED, 0),
        new Step(Step.Kind.EVENT, 0),
        new Step(Step.Kind.EVENT, 1),
        new Step(Step.Kind.LOOK, 1),
        new Step(Step.Kind.COMMIT, 1),
        new Step(Step.Kind.REPLY, 1)),
    /** The leader has died, and its Lease has run out for the other one. */
    LAPSED(append(LEADER_AND_STANDBY.steps, Step.Kind.VALIDITY, Step.Kind.RENEW_PERIOD));

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<Step> steps;

    Beginning(Step... steps) {
      this.steps = List.of(steps);
    }

    private static Step[] append(List<Step> steps, Step.Kind... kinds) {
      List<Step> all = new ArrayList<>(steps);
      for (Step.Kind kind : kinds) {
        all.add(new Step(kind, 0));
      }
      return all.toArray(Step[]::new);
    }
  }

  private record Order(Order before, Step last) {
    List<Step> steps() {
      List<Step> steps = new ArrayList<>();
      for (Order o = this; o.last != null; o = o.before) {
        steps.add(o.last);
      }
      Collections.reverse(steps);
      return steps;
    }
  }

  private static Level before;

  @BeforeAll
  static void quiet() {
    before = LOG.getLevel();
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void loud() {
    LOG.setLevel(before);
  }

  @ParameterizedTest
  @EnumSource
  void noOrderLetsTwoWriteOrLeavesNone(Beginning beginning, TestReporter reporter) {
    Set<Long> seen = new HashSet<>();
    List<Order> last = List.of(new Order(null, null));
    long orders = 0;
    for (int depth = 0; depth < DEPTH; depth++) {
      List<Order> next = new ArrayList<>();
      for (Order order : last) {
        List<Step> steps = order.steps();
        OrderedWorld at = world(beginning, steps);
        for (Step step : Step.all()) {
          if (at.allows(step)) {
            orders++;
            OrderedWorld world = world(beginning, steps);
            world.take(step);
            if (seen.add(hash(world.describe()))) {
              next.add(new Order(order, step));
            }
          }
        }
      }
      last = next;
    }
    for (Order order : last) {
      world(beginning, order.steps()).checkThatOneLeads();
    }
    reporter.publishEntry(
        beginning.toString(),
        "%d orders of %d steps, %d states".formatted(orders, DEPTH, seen.size()));
    assertTrue(seen.size() > 1000, "only " + seen.size() + " states");
  }

  private static OrderedWorld world(Beginning beginning, List<Step> steps) {
    OrderedWorld world = new OrderedWorld(DISTURBANCES);
    beginning.steps.forEach(world::take);
    steps.forEach(world::take);
    return world;
  }

  /** 64 bits: of a million states two share one with a chance of less than one to ten million. */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash ^ (hash >>> 29);
  }
}
