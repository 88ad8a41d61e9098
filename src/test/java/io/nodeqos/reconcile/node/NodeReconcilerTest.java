// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.value.Taint;
import io.nodeqos.queue.Lane;
import io.nodeqos.queue.Outcome;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.SyncResult;
import io.nodeqos.reconcile.TestProcess;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.fleet.Undecided;
import io.nodeqos.reconcile.plan.Plans;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeReconcilerTest {
  private static final String SPEC =
      """
      {'quota': {'classes': [{'name': 'gold', 'advertise': {'cpu': '50%'}}]},
       'warmUp': {'reservedPods': [{'namespace': 'kube-system'}]}}
      """;

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private final TestProcess leader = TestProcess.leader(api, time, policy("p", SPEC));

  @Test
  void secondPatchCarriesTheVersionOfTheFirstReply() {
    NodeView joined = join();
    Outcome outcome = leader.reconcile("n");
    String first = joined.meta().resourceVersion();
    assertEquals(List.of("metadata n@" + first, "status n@" + next(first)), api.calls());
    assertEquals(Outcome.done(), outcome);
    NodeView written = api.node("n");
    assertTrue(written.annotations().containsKey(Keys.CONFIG));
    assertTrue(written.condition(Keys.WARMED_UP_CONDITION).isPresent());
    assertTrue(written.status().capacity().containsKey("nodeqos.io/gold-cpu"));
  }

  @Test
  void convergedNodeCausesNoCall() {
    join();
    leader.reconcileFresh("n");
    api.calls();
    for (int i = 0; i < 10; i++) {
      time.advance("20M");
      assertEquals(Outcome.done(), leader.reconcileFresh("n"));
    }
    assertEquals(List.of(), api.calls());
  }

  @Test
  void onlyThePatchThatIsNeededIsSent() {
    join();
    leader.reconcileFresh("n");
    api.calls();
    api.change("n", n -> Plans.unlabelled(n, Keys.CONFIG_VERSION));
    leader.reconcileFresh("n");
    assertEquals(1, api.calls().stream().filter(c -> c.startsWith("metadata ")).count());
    time.advance("10S");
    leader.cluster.reserve("n", ReservedFixture.kubeSystem(List.of(), List.of()));
    leader.reconcileFresh("n");
    assertEquals(1, api.calls().stream().filter(c -> c.startsWith("status ")).count());
    assertEquals(4, api.writes().size());
  }

  @Test
  void nodeIsNotDecidedAgainUntilTheCacheShowsTheOwnWrite() {
    join();
    leader.reconcile("n");
    api.calls();
    podReady(true);
    time.advance("2S");
    assertEquals(
        new Outcome.Again(Lane.CHANGE, Duration.ofSeconds(3)),
        leader.reconcile("n"),
        "the cache still shows the node before the write: deciding on it would write twice");
    assertEquals(List.of(), api.calls());
    leader.catchUp();
    leader.reconcile("n");
    assertEquals(2, api.calls().size(), "now it is decided and becomes warm");
    assertTrue(api.node("n").labels().containsKey(Keys.WARMED_UP));
  }

  @Test
  void cacheThatShowsOnlyTheFirstPatchIsBehind() {
    NodeView joined = join();
    leader.reconcile("n");
    leader.cluster.show(Plans.versioned(api.node("n"), next(joined.meta().resourceVersion())));
    assertTrue(
        leader.reconcile("n") instanceof Outcome.Again, "it shows the first patch of the two");
  }

  @Test
  void cacheBehindForFiveSecondsIsBypassedAndGetsFiveMore() {
    join();
    leader.reconcile("n");
    api.calls();
    podReady(true);
    time.advance("5S");
    leader.reconcile("n");
    String version = api.node("n").meta().resourceVersion();
    assertEquals("GET n", api.calls().get(0));
    assertTrue(api.node("n").labels().containsKey(Keys.WARMED_UP));
    assertTrue(leader.reconcile("n") instanceof Outcome.Again);
    time.advance("5S");
    leader.reconcile("n");
    assertEquals(List.of("GET n"), api.calls());
    assertTrue(leader.reconcile("n") instanceof Outcome.Again, "one GET in five seconds, no more");
    assertEquals(version, api.node("n").meta().resourceVersion());
  }

  @Test
  void unfilledCacheRemovesNothing() {
    api.put(Plans.warm("n").build());
    leader.catchUp();
    leader.cluster.synced(false);
    assertTrue(leader.reconcile("n") instanceof Outcome.Again);
    leader.cluster.hide("n");
    assertTrue(leader.reconcile("n") instanceof Outcome.Again);
    assertEquals(List.of(), api.calls());
    assertEquals(0, leader.fleet.size(), "nothing is known of the fleet yet");
  }

  @Test
  void nodesWaitingForAnUnfilledCacheAreCounted() {
    join();
    leader.catchUp();
    leader.cluster.synced(false);
    leader.reconcile("n");
    assertEquals(
        Optional.of(SyncResult.NOT_SYNCED),
        leader.undecided.stall(1, System.nanoTime()).map(Undecided.Stall::result));

    leader.cluster.synced(true);
    leader.reconcile("n");

    assertEquals(Optional.empty(), leader.undecided.stall(1, System.nanoTime()));
  }

  @Test
  void deletedNodeIsForgotten() {
    join();
    leader.reconcileFresh("n");
    api.delete("n");
    leader.catchUp();
    leader.policiesTold.clear();
    assertEquals(Outcome.done(), leader.reconcile("n"));
    assertEquals(0, leader.fleet.size());
    assertEquals(List.of("p"), leader.policiesTold, "its counts have changed");
    assertFalse(
        leader.metrics.scrape(null).text().contains("node=\"n\""),
        "no series of a node that is gone");
  }

  @Test
  void orderOfBlockersIsStableAfterAReadBack() {
    String spec =
        """
        {'warmUp': {'reservedPods': [{'namespace': 'kube-system'}], 'resources': [{'name': 'a/b'}]}}
        """;
    TestProcess process = TestProcess.leader(api, time, policy("p", spec));
    api.put(node("n").build());
    // Created in the very second in which the node is first seen.
    process.cluster.reserve(
        "n",
        ReservedFixture.kubeSystem(
            List.of(
                ReservedFixture.createdAt(
                    ReservedFixture.pod("cni", false), FakeTime.START.minusMillis(400))),
            List.of()));
    process.reconcileFresh("n");
    NodeCondition first = condition();
    time.advance("1M");
    process.reconcileFresh("n");
    assertEquals(first, condition());
    assertEquals(2, api.writes().size(), "the start of its warm-up, and its blockers");
  }

  @Test
  void failedWarmPatchDoesNotRestartStableFor() {
    TestProcess process =
        TestProcess.leader(
            api, time, policy("p", "{'warmUp': {'nodeReady': {}, 'stableFor': '30s'}}"));
    api.put(node("n").taint(Keys.STARTUP_TAINT).build());
    assertEquals(Outcome.again(Duration.ofSeconds(30)), process.reconcileFresh("n"));
    time.advance("30S");
    api.thenAnswer(new WriteResult.Retry("busy", Duration.ofSeconds(1)));
    process.reconcileFresh("n");
    time.advance("1S");
    process.reconcileFresh("n");
    assertTrue(api.node("n").labels().containsKey(Keys.WARMED_UP));
  }

  @Test
  void conflictOnTheWarmPatchDoesNotRestartStableFor() {
    TestProcess process =
        TestProcess.leader(
            api, time, policy("p", "{'warmUp': {'nodeReady': {}, 'stableFor': '30s'}}"));
    api.put(node("n").taint(Keys.STARTUP_TAINT).build());
    process.reconcileFresh("n");
    time.advance("30S");
    Taint foreign = Taint.of("example.com/maintenance", "NoExecute");
    api.change("n", n -> Plans.tainted(n, foreign));
    process.reconcile("n");
    assertTrue(api.node("n").labels().containsKey(Keys.WARMED_UP));
    assertEquals(List.of(foreign), api.node("n").taints(), "the new taint is not ours to lose");
  }

  @Test
  void rebootRestartsStableFor() {
    TestProcess process =
        TestProcess.leader(
            api, time, policy("p", "{'warmUp': {'nodeReady': {}, 'stableFor': '30s'}}"));
    NodeFixture node = node("n").taint(Keys.STARTUP_TAINT);
    api.put(node.build());
    process.reconcileFresh("n");
    time.advance("29S");
    api.change("n", n -> Plans.rebooted(n, "boot-2", time.instant()));
    time.advance("5S");
    process.reconcileFresh("n");
    assertFalse(api.node("n").labels().containsKey(Keys.WARMED_UP));
    time.advance("30S");
    process.reconcileFresh("n");
    assertTrue(api.node("n").labels().containsKey(Keys.WARMED_UP));
  }

  private NodeView join() {
    api.put(node("n").taint(Keys.STARTUP_TAINT).build());
    podReady(false);
    leader.catchUp();
    return api.node("n");
  }

  private void podReady(boolean ready) {
    leader.cluster.reserve("n", podState(ready));
  }

  private static ReservedState podState(boolean ready) {
    return ReservedFixture.kubeSystem(List.of(ReservedFixture.pod("cni", ready)), List.of());
  }

  private NodeCondition condition() {
    return api.node("n").condition(Keys.WARMED_UP_CONDITION).get();
  }

  private static String next(String version) {
    return Long.toString(Long.parseLong(version) + 1);
  }
}
