// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.node;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.events.QosEvent;
import io.nodeqos.events.QosEvent.ObjectId;
import io.nodeqos.events.QosEvent.Type;
import io.nodeqos.fixture.CapturedLog;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.queue.Trigger;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.TestProcess;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.plan.Plans;
import io.nodeqos.telemetry.tracing.TriggerKind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeReportTest {
  private static final String SPEC =
      "{'images': [{'ref': 'a'}], 'warmUp': {'reservedPods': [{'namespace': 'kube-system'}]}}";

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private final TestProcess leader =
      TestProcess.leader(
          api, time, policy("main", SPEC), policy("base", "{'priority': -1, 'quota': {}}"));

  @Test
  void changeIsOneEventAndOneLogLineAndSteadyStateIsNone() {
    try (CapturedLog log = CapturedLog.of(NodeReport.class)) {
      joins();
      becomesWarm();
      List<String> lines = log.infos();
      assertEquals(3, lines.size(), lines.toString());
      assertTrue(lines.get(0).startsWith("Node configured: version="), lines.get(0));
      assertTrue(lines.get(0).endsWith(" policies=[main, base]"), "by precedence: " + lines.get(0));
      assertEquals(
          "Node waiting, reason=ReservedPodsNotReady: The warm-up has 1 blocker: pod"
              + " kube-system/cni-x is not Ready.",
          lines.get(1));
      assertEquals("Node became warm after 30s: All gates are open.", lines.get(2));
      assertEquals(
          List.of(Type.CONFIG_UPDATED, Type.WARMUP_STARTED, Type.WARMUP_DONE), leader.eventTypes());
      leader.policiesTold.clear();
      for (int i = 0; i < 5; i++) {
        time.advance("10M");
        leader.reconcileFresh("n");
      }
      assertEquals(3, log.infos().size());
      assertEquals(3, leader.events.latest().size());
      assertEquals(List.of(), leader.policiesTold, "no count of a policy has changed");
    }
  }

  @Test
  void waitForTheSameReasonIsReportedOnceDespiteNewBlockers() {
    try (CapturedLog log = CapturedLog.of(NodeReport.class)) {
      joins();
      time.advance("1M");
      leader.cluster.reserve(
          "n",
          ReservedFixture.kubeSystem(
              List.of(ReservedFixture.pod("cni", false), ReservedFixture.pod("csi", false)),
              List.of()));
      leader.reconcileFresh("n");
      assertTrue(
          api.node("n").condition(Keys.WARMED_UP_CONDITION).get().message().contains("csi-x"),
          "the node says so");
      assertEquals(2, log.infos().size(), "configured and waiting: " + log.infos());
    }
  }

  @Test
  void metricsCountConflictsAndRetriesOfTheMark() {
    joins();
    time.advance("30S");
    pod(true);
    api.thenAnswer(new WriteResult.Conflict()).thenWork().thenAnswer(new WriteResult.Conflict());
    leader.reconcileFresh("n");
    api.thenAnswer(new WriteResult.Retry("busy", Duration.ZERO));
    leader.reconcileFresh("n");
    api.thenAnswer(new WriteResult.Throttled(Duration.ofMillis(3)));
    leader.reconcileFresh("n");
    leader.reconcileFresh("n");
    assertTrue(scrape().contains("qos_warmup_conflicts_sum 2.0\n"), scrape());
    assertTrue(scrape().contains("qos_warmup_retries_sum 3.0\n"), "our own limit is no trouble");
    assertTrue(scrape().contains("qos_warmup_retries_count 1.0\n"), scrape());
    api.put(node("m").build());
    leader.cluster.reserve(
        "m", ReservedFixture.kubeSystem(List.of(ReservedFixture.pod("cni", true)), List.of()));
    leader.reconcileFresh("m");
    assertTrue(scrape().contains("qos_warmup_retries_bucket{le=\"0.0\",} 1.0\n"), scrape());
  }

  @Test
  void eventCarriesTypeNodeAndEpoch() {
    joins();
    QosEvent event = leader.events.latest().get(0);
    assertEquals(new ObjectId("n", "uid-1"), event.node());
    assertEquals(new ObjectId("main", "uid-main"), event.policy());
    assertEquals(
        new QosEvent.Context("", api.node("n").labels().get(Keys.CONFIG_VERSION), 1),
        event.context());
    assertEquals(time.instant(), event.at());
  }

  @Test
  void eventsDescribeConfigurationAndBlockersInOneSentence() {
    joins();
    becomesWarm();
    assertEquals(
        List.of(
            "Configuration "
                + api.node("n").labels().get(Keys.CONFIG_VERSION)
                + " was written to the node, from policy main, base.",
            "The warm-up has 1 blocker: pod kube-system/cni-x is not Ready.",
            "The node became warm after 30s. All gates are open."),
        leader.events.latest().stream().map(QosEvent::message).toList());
  }

  @Test
  void releaseByATimeoutIsReportedAsSuch() {
    TestProcess process =
        TestProcess.leader(
            api,
            time,
            policy(
                "p",
                "{'warmUp': {'csiDrivers': [{'name': 'x', 'timeout': '40s', 'onTimeout':"
                    + " 'Release'}]}}"));
    api.put(node("n").build());
    process.reconcileFresh("n");
    time.advance("41S");
    process.reconcileFresh("n");
    assertEquals(
        List.of(Type.WARMUP_STARTED, Type.WARMUP_TIMED_OUT, Type.WARMUP_DONE),
        process.eventTypes());
    String message = process.events.latest().get(1).message();
    assertTrue(message.startsWith("Released after their timeout: "), message);
  }

  @Test
  void eventNamesTheNamespaceOfTheTriggeringPod() {
    joins();
    time.advance("30S");
    pod(true);
    leader.reconcile("n", new Trigger(TriggerKind.POD, "kube-system"));
    QosEvent warm = leader.events.latest().get(2);
    assertEquals(Type.WARMUP_DONE, warm.type());
    assertEquals("kube-system", warm.context().namespace());
  }

  @Test
  void refusedWriteIsAnEventOnceAndAgainForAnotherReason() {
    api.put(node("n").build());
    pod(true);
    for (String reason : List.of("no", "no", "other")) {
      api.thenAnswer(new WriteResult.Rejected(422, reason));
      leader.reconcileFresh("n");
    }
    assertEquals(List.of(Type.WRITE_REFUSED, Type.WRITE_REFUSED), leader.eventTypes());
    QosEvent first = leader.events.latest().get(0);
    assertEquals(new ObjectId("n", "uid-1"), first.node());
    assertEquals("The API server refuses the update of the node: no", first.message());
  }

  @Test
  void policyThatIsEditedAgainAndAgainIsNotReportedAsAnotherWriterOfTheNode() {
    joins();
    for (int edit = 2; edit < 60; edit++) {
      leader.policies.apply(
          policy(
              "base",
              edit,
              PolicyFixture.CREATED,
              "{'priority': -1, 'quota': {'classes': [{'name': 'gold', 'cpu': {'weight': %d}}]}}"
                  .formatted(edit)));
      leader.reconcileFresh("n");
      time.advance("1S");
    }
    List<String> damped =
        leader.events.latest().stream()
            .filter(e -> e.type() == Type.WRITES_DAMPED)
            .map(QosEvent::message)
            .toList();
    assertEquals(1, damped.size(), damped::toString);
    assertTrue(
        damped
            .get(0)
            .startsWith(
                "Changes come too fast: the controller wrote annotation nodeqos.io/config, label"
                    + " nodeqos.io/config-version more than 20 times, and each time a policy,"),
        damped.get(0));
  }

  @Test
  void rebootIsReportedAsLossOfTheMarkAndNewStart() {
    joins();
    becomesWarm();
    time.advance("1H");
    api.change("n", n -> Plans.rebooted(n, "boot-2", time.instant()));
    pod(false);
    leader.reconcileFresh("n");
    assertEquals(List.of(Type.WARMUP_LOST, Type.WARMUP_STARTED), leader.eventTypes().subList(3, 5));
    time.advance("20S");
    becomesWarm();
    assertTrue(
        scrape().contains("qos_warmup_duration_seconds_sum 80.0\n"),
        "30 s and 50 s: a reboot starts a warm-up of its own: " + scrape());
  }

  @Test
  void oldNodeThatIsWarmAtFirstSightHasNoDuration() {
    api.put(node("n").build());
    pod(true);
    leader.reconcileFresh("n");
    assertTrue(scrape().contains("qos_warmup_duration_seconds_count 1.0\n"));
    assertTrue(scrape().contains("qos_warmup_duration_seconds_sum 0.0\n"), "not its age of months");
  }

  @Test
  void failedWriteIsNoEvent() {
    api.put(node("n").build());
    pod(true);
    api.thenAnswer(new WriteResult.Retry("not now", Duration.ZERO));
    leader.reconcileFresh("n");
    assertEquals(List.of(), leader.events.latest());
    api.thenWork().thenAnswer(new WriteResult.Retry("not now", Duration.ZERO));
    leader.reconcileFresh("n");
    leader.reconcileFresh("n");
    assertEquals(
        List.of(Type.CONFIG_UPDATED, Type.WARMUP_DONE),
        leader.eventTypes(),
        "once, though the status came later");
  }

  @Test
  void standbyReportsNothing() {
    leader.fence.close();
    try (CapturedLog log = CapturedLog.of(NodeReport.class)) {
      joins();
      becomesWarm();
      assertEquals(List.of(), log.infos());
      assertEquals(List.of(), leader.events.latest());
    }
  }

  private void joins() {
    api.put(node("n").build());
    pod(false);
    leader.reconcileFresh("n");
  }

  private void becomesWarm() {
    time.advance("30S");
    pod(true);
    leader.reconcileFresh("n");
  }

  private void pod(boolean ready) {
    leader.cluster.reserve(
        "n",
        ReservedFixture.kubeSystem(
            List.of(ReservedFixture.reported(ReservedFixture.pod("cni", ready), time.instant())),
            List.of()));
  }

  private String scrape() {
    return leader.metrics.scrape(null).text();
  }
}
