// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.events.QosEvent.Type;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.reconcile.fleet.NodeWrites;
import io.nodeqos.reconcile.fleet.NodeWrites.Part;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A write that was done with a lost reply is reported once, when the node shows it. */
class LostReplyTest {
  private static final String SPEC = "{'images': [{'ref': 'a'}], 'warmUp': {'nodeReady': {}}}";

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private final TestProcess leader = TestProcess.leader(api, time, policy("p", SPEC));

  private void reconcileAll() {
    for (int i = 0; i < 4; i++) {
      time.advance("1S");
      leader.reconcileFresh("n");
    }
  }

  @Test
  void endOfAWarmUpIsReportedOnce() {
    api.put(node("n").build());
    api.loseReplies(true);
    leader.reconcileFresh("n");
    assertEquals(List.of(), leader.eventTypes(), "the outcome is unknown yet");
    api.loseReplies(false);
    reconcileAll();
    assertEquals(List.of(Type.CONFIG_UPDATED, Type.WARMUP_DONE), leader.eventTypes());
  }

  @Test
  void startOfAWarmUpIsReportedOnce() {
    api.put(node("n").condition("Ready", "False").build());
    api.loseReplies(true);
    reconcileAll();
    api.loseReplies(false);
    reconcileAll();
    assertEquals(List.of(Type.CONFIG_UPDATED, Type.WARMUP_STARTED), leader.eventTypes());
  }

  @Test
  void failedWriteIsReportedOnceItSucceeds() {
    api.put(node("n").build());
    api.thenAnswer(new WriteResult.Retry("busy", Duration.ZERO));
    leader.reconcileFresh("n");
    assertEquals(List.of(), leader.eventTypes());
    leader.catchUp();
    leader.reconcile("n");
    assertEquals(List.of(Type.CONFIG_UPDATED, Type.WARMUP_DONE), leader.eventTypes());
    reconcileAll();
    assertEquals(2, leader.eventTypes().size());
  }

  @Test
  void sameMarksByAnotherWriterAreNotReported() {
    api.put(node("n").build());
    api.thenAnswer(new WriteResult.Retry("busy", Duration.ZERO));
    leader.reconcileFresh("n");
    time.advance("5S");
    TestProcess other = TestProcess.leader(api, time, policy("p", SPEC));
    other.reconcileFresh("n");
    reconcileAll();
    assertEquals(List.of(), leader.eventTypes(), "the other replica has reported them");
    assertEquals(List.of(Type.CONFIG_UPDATED, Type.WARMUP_DONE), other.eventTypes());
  }

  @Test
  void lastWritesAreKnownWithTheirOutcome() {
    api.put(node("n").build());
    api.thenWork().thenAnswer(new WriteResult.Rejected(422, "no"));
    leader.reconcileFresh("n");
    List<NodeWrites.Write> writes = leader.nodeWrites.last("n");
    assertEquals(
        List.of(Part.METADATA, Part.STATUS), writes.stream().map(NodeWrites.Write::part).toList());
    assertEquals("written", writes.get(0).outcome());
    assertEquals("422 no", writes.get(1).outcome());
    api.delete("n");
    leader.reconcileFresh("n");
    assertTrue(leader.nodeWrites.last("n").isEmpty());
  }
}
