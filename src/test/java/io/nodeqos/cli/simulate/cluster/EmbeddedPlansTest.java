// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.cli.simulate.cluster.ClusterStory.Disturbance;
import io.nodeqos.node.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each scenario is played on the embedded API in virtual time, by all codecs and writers of the
 * controller, and disturbed by every plan of a kind. {@link ClusterRules} judges each write; the
 * end is that of the undisturbed story, and nothing is written in quiet.
 */
class EmbeddedPlansTest {
  /** More than an undisturbed story has: writes to nodes, and all requests. */
  private static final int EXTRA_WRITES = 20;

  private static final int EXTRA_REQUESTS = 200;

  /** Each plan of so many is run, 1 for all of them. */
  private static final int EVERY = Integer.getInteger("nodeqos.test.every", 37);

  private static final Program PROGRAM = Program.read();

  /** A disturbance with the text of a failure, and what it leaves changed for ever. */
  private record Plan(String text, Disturbance disturbance, String spoilt) {
    Plan(Disturbance disturbance) {
      this(disturbance.toString(), disturbance, "");
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyValueOfOursIsReplaced(ClusterScenario scenario, TestReporter reporter) {
    WrittenPlaces places = new WrittenPlaces();
    ClusterStory undisturbed = ClusterStory.of(PROGRAM, scenario);
    undisturbed.play(
        new Disturbance() {
          @Override
          public void after(int act, FaultCluster cluster) {
            places.look(act, cluster.api);
          }
        });
    List<Plan> plans = new ArrayList<>();
    for (WrittenPlaces.Wrong wrong : places.wrongValues()) {
      for (int moment : wrong.moments()) {
        for (boolean newLeader : List.of(false, true)) {
          plans.add(plan(scenario, new Disturbances.Spoilt(moment, newLeader, wrong.corruption())));
        }
      }
    }
    run(scenario, undisturbed, plans, EVERY, reporter);
  }

  /**
   * A ControllerRevision that another writer has changed is not ours any more. A rollout whose
   * stable revision is lost stays where it is. A node that is older than the policy, and whose mark
   * another writer has spoilt, gets no startup taint.
   */
  private static Plan plan(ClusterScenario scenario, Disturbances.Spoilt spoilt) {
    RequestTarget target = spoilt.corruption().target();
    String last = spoilt.corruption().path().get(spoilt.corruption().path().size() - 1);
    if (scenario == ClusterScenario.BRAKE
        && List.of(Keys.WARMED_UP, Keys.WARMED_UP_FOR).contains(last)) {
      return new Plan(spoilt.toString(), spoilt, CacheFeed.NODES + "/" + target.name());
    }
    if (!target.collection().equals(CacheFeed.REVISIONS)) {
      return new Plan(spoilt);
    }
    return new Plan(
        spoilt.toString(), spoilt, scenario == ClusterScenario.ROLLOUT ? "/" : CacheFeed.REVISIONS);
  }

  @ParameterizedTest
  @EnumSource
  void aNewLeaderIsBehindInOneResource(ClusterScenario scenario, TestReporter reporter) {
    List<Plan> plans = new ArrayList<>();
    for (int act = 0; act < scenario.size(); act++) {
      for (String collection : CacheFeed.COLLECTIONS) {
        for (int events : List.of(1, 2, 3, 5, 8)) {
          plans.add(
              new Plan(new Disturbances.Stale(act, new FaultCluster.Behind(collection, events))));
        }
      }
    }
    run(scenario, undisturbed(scenario), plans, 1, reporter);
  }

  @ParameterizedTest
  @EnumSource
  void theLeaderDiesAroundEveryRequest(ClusterScenario scenario, TestReporter reporter) {
    ClusterStory undisturbed = undisturbed(scenario);
    List<Plan> plans = new ArrayList<>();
    for (int k = 1; k <= undisturbed.cluster.requests.all(); k++) {
      for (Disturbances.Moment moment : Disturbances.Moment.values()) {
        plans.add(new Plan(new Disturbances.AtRequest(k, moment)));
      }
    }
    run(scenario, undisturbed, plans, 1, reporter);
  }

  @ParameterizedTest
  @EnumSource
  void requestsAreRefusedForAWhile(ClusterScenario scenario, TestReporter reporter) {
    List<Plan> plans = new ArrayList<>();
    for (int act = 0; act < scenario.size(); act++) {
      for (int code : List.of(403, 409, 410, 429, 500)) {
        for (String resource :
            List.of("nodes", "status", "nodeqospolicies", "daemonsets", "controllerrevisions")) {
          plans.add(new Plan(new Disturbances.Refused(act, code, resource)));
        }
      }
    }
    run(scenario, undisturbed(scenario), plans, 1, reporter);
  }

  private static ClusterStory undisturbed(ClusterScenario scenario) {
    return ClusterStory.of(PROGRAM, scenario).play(Disturbance.NONE);
  }

  private static void run(
      ClusterScenario scenario,
      ClusterStory undisturbed,
      List<Plan> plans,
      int every,
      TestReporter reporter) {
    int run = 0;
    List<String> failures = new ArrayList<>();
    for (int i = 0; i < plans.size(); i += every) {
      Plan plan = plans.get(i);
      ClusterStory story = ClusterStory.of(PROGRAM, scenario);
      try {
        story.play(plan.disturbance);
        assertEnd(undisturbed, story, plan.spoilt);
        run++;
      } catch (Disturbances.NothingDone refused) {
        // The server does not let the value in.
      } catch (AssertionError | IllegalStateException e) {
        run++;
        failures.add(plan.text + "\n    " + e.getMessage());
      }
    }
    reporter.publishEntry(scenario.toString(), run + " plans");
    assertTrue(
        failures.isEmpty(),
        () ->
            failures.size()
                + " failures\n"
                + String.join("\n", failures.subList(0, Math.min(20, failures.size()))));
  }

  private static void assertEnd(ClusterStory undisturbed, ClusterStory story, String spoilt) {
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
