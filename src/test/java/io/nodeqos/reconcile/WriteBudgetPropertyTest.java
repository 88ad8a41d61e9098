// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.PodView;
import io.nodeqos.node.value.Resources;
import io.nodeqos.reconcile.plan.WriteRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A node that warms up costs at most four writes, and one more for each full ten seconds that it
 * waits, however restless its pods are.
 */
class WriteBudgetPropertyTest {
  private static final String SPEC =
      """
      {'reservation': {'cpu': '500m', 'countReservedPods': true},
       'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '50%', 'memory': '10%'}}]},
       'warmUp': {'taintNewNodes': true, 'stableFor': '3s', 'nodeReady': {},
                  'reservedPods': [{'namespace': 'kube-system'}]}}
      """;

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void changingNodeStaysWithinItsWriteBudget(long seed) {
    Random random = new Random(seed);
    FakeTime time = new FakeTime();
    FakeNodeWriter api = new FakeNodeWriter();
    QueuedProcess process = new QueuedProcess(api, new FakePolicyWriter(), time);
    process.seePolicies(List.of(policy("p", SPEC)));
    process.lead();
    Instant joined = time.instant();
    api.put(
        random.nextBoolean()
            ? node("n").created(joined).build()
            : node("n").created(joined).taint(Keys.STARTUP_TAINT).build());
    Duration restless = Duration.ofMillis(random.nextInt(90_000));
    while (!WriteRules.isMarked(api.node("n"))) {
      boolean calm = Duration.between(joined, time.instant()).compareTo(restless) > 0;
      process.seePods("n", ReservedFixture.kubeSystem(pods(random, calm), List.of()));
      process.see("n", Optional.of(api.node("n")));
      for (int pass = 0; process.work(); pass++) {
        assertTrue(pass < 100, "a hot loop: there is always something to do");
        process.see("n", Optional.of(api.node("n")));
      }
      long waited = Duration.between(joined, time.instant()).toSeconds();
      int writes = api.writes().size();
      assertTrue(writes <= 4 + waited / 10, writes + " writes in " + waited + " s");
      assertTrue(waited < 200, "it never becomes warm");
      time.advance(Duration.ofMillis(100 + random.nextInt(900)));
    }
  }

  /** The time of the last wording is on the node, so that the next leader keeps to it, too. */
  @ParameterizedTest
  @MethodSource("seeds")
  void nodeThatWaitsAcrossFailoversStaysWithinItsWriteBudget(long seed) {
    Random random = new Random(seed);
    FakeTime time = new FakeTime();
    FakeNodeWriter api = new FakeNodeWriter().stampedBy(time::instant);
    QueuedProcess process = leading(api, time);
    Instant joined = time.instant();
    api.put(node("n").created(joined).reportedAt(joined).build());
    Duration restless = Duration.ofMillis(random.nextInt(60_000));
    while (!WriteRules.isMarked(api.node("n"))) {
      if (random.nextInt(12) == 0) {
        process.depose();
        process = leading(api, time);
      }
      boolean calm = Duration.between(joined, time.instant()).compareTo(restless) > 0;
      Instant now = time.instant();
      process.seePods(
          "n",
          ReservedFixture.kubeSystem(
              pods(random, calm).stream().map(p -> ReservedFixture.reported(p, now)).toList(),
              List.of()));
      process.see("n", Optional.of(api.node("n")));
      for (int pass = 0; process.work(); pass++) {
        assertTrue(pass < 100, "a hot loop: there is always something to do");
        process.see("n", Optional.of(api.node("n")));
      }
      long waited = Duration.between(joined, time.instant()).toSeconds();
      int writes = api.writes().size();
      assertTrue(writes <= 4 + waited / 10, writes + " writes in " + waited + " s");
      assertTrue(waited < 200, "it never becomes warm");
      time.advance(Duration.ofMillis(100 + random.nextInt(900)));
    }
  }

  private static QueuedProcess leading(FakeNodeWriter api, FakeTime time) {
    QueuedProcess process = new QueuedProcess(api, new FakePolicyWriter(), time);
    process.seePolicies(List.of(policy("p", SPEC.replace(", 'countReservedPods': true", ""))));
    process.lead();
    return process;
  }

  private static List<PodView> pods(Random random, boolean calm) {
    List<PodView> pods = new ArrayList<>();
    for (String app : List.of("cni", "csi", "dns")) {
      Resources requests = new Resources(random.nextInt(10) * 100L, 0, 0);
      if (calm || random.nextInt(3) > 0) {
        boolean ready = calm || random.nextInt(4) == 0;
        pods.add(ReservedFixture.pod(app, ready, "Running", false, requests));
      }
    }
    return pods;
  }
}
