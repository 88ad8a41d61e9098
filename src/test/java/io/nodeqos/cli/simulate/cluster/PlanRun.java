// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.cli.simulate.cluster.ClusterPlans.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Plays a story with plans, and compares each end with the undisturbed one. */
final class PlanRun {
  /** More than an undisturbed story has: writes to nodes, and all requests. */
  private static final int EXTRA_WRITES = 20;

  private static final int EXTRA_REQUESTS = 200;

  private static final int SHOWN = 20;

  private final Supplier<ClusterStory> stories;
  private final ClusterStory undisturbed;
  private final List<String> failures = new ArrayList<>();
  private int plans;

  /**
   * @param undisturbed has been played
   */
  PlanRun(Supplier<ClusterStory> stories, ClusterStory undisturbed) {
    this.stories = stories;
    this.undisturbed = undisturbed;
  }

  /** Plays each of so many plans. */
  PlanRun play(List<Plan> all, int every) {
    for (int i = 0; i < all.size(); i += every) {
      play(all.get(i));
    }
    return this;
  }

  private void play(Plan plan) {
    ClusterStory story = stories.get();
    try {
      story.play(plan.disturbance());
      assertEnd(story, plan.spoilt());
      plans++;
    } catch (Disturbances.NothingDone refused) {
      // The server does not let the value in.
    } catch (AssertionError | IllegalStateException e) {
      plans++;
      failures.add(plan.text() + "\n    " + e.getMessage());
    }
  }

  /** The number of plans that changed something. */
  int plans() {
    return plans;
  }

  void assertNoFailure() {
    assertTrue(
        failures.isEmpty(),
        () ->
            failures.size()
                + " failures\n"
                + failures.stream().limit(SHOWN).collect(Collectors.joining("\n")));
  }

  private void assertEnd(ClusterStory story, String spoilt) {
    assertEquals("", difference(rest(undisturbed.end(), spoilt), rest(story.end(), spoilt)));
    int writes =
        story.cluster.requests.writesOfNodes() - undisturbed.cluster.requests.writesOfNodes();
    assertTrue(writes <= EXTRA_WRITES, () -> writes + " more writes to nodes");
    int requests = story.cluster.requests.all() - undisturbed.cluster.requests.all();
    assertTrue(requests <= EXTRA_REQUESTS, () -> requests + " more requests");
  }

  private static Map<String, String> rest(Map<String, String> end, String spoilt) {
    Map<String, String> rest = new TreeMap<>(end);
    rest.keySet().removeIf(key -> !spoilt.isEmpty() && key.startsWith(spoilt));
    return rest;
  }

  /** The lines that differ. */
  private static String difference(Map<String, String> expected, Map<String, String> actual) {
    return Stream.concat(expected.keySet().stream(), actual.keySet().stream())
        .distinct()
        .filter(key -> !expected.getOrDefault(key, "").equals(actual.get(key)))
        .map(
            key ->
                key
                    + lines("\n  - ", expected.getOrDefault(key, ""), actual.getOrDefault(key, ""))
                    + lines("\n  + ", actual.getOrDefault(key, ""), expected.getOrDefault(key, "")))
        .collect(Collectors.joining("\n"));
  }

  private static String lines(String prefix, String of, String but) {
    List<String> known = but.lines().toList();
    return of.lines()
        .filter(l -> !known.contains(l))
        .map(prefix::concat)
        .collect(Collectors.joining());
  }
}
