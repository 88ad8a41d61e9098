// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.FakePolicyWriter;
import io.nodeqos.reconcile.QueuedProcess;
import io.nodeqos.reconcile.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The finalizer of a policy from its first sight to the last clean node. */
class PolicyFinalizerTest {
  private static final String KEEP = "{'reservation': {'cpu': '1'}}";
  private static final String REMOVE = "{'deletionPolicy': 'Remove', 'reservation': {'cpu': '1'}}";

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();
  private final FakePolicyWriter policyApi = new FakePolicyWriter();
  private final QueuedProcess process = new QueuedProcess(api, policyApi, time);

  @Test
  void onlyPoliciesWithRemoveGetTheFinalizer() {
    policyApi.apply(policy("keep", KEEP));
    policyApi.apply(policy("remove", REMOVE));
    process.lead();
    settle();
    assertEquals(List.of(), finalizers("keep"));
    assertEquals(List.of(Keys.FINALIZER), finalizers("remove"));
    policyApi.apply(policy("remove", KEEP));
    settle();
    assertEquals(List.of(), finalizers("remove"), "it was changed back");
  }

  @Test
  void foreignFinalizersKeepTheirOrder() {
    PolicyObject held =
        policy("p", REMOVE).withFinalizers("1", List.of("example.com/a", "example.com/b"));
    policyApi.apply(held);
    process.lead();
    settle();
    assertEquals(List.of("example.com/a", "example.com/b", Keys.FINALIZER), finalizers("p"));
    policyApi.delete("p");
    settle();
    assertEquals(List.of("example.com/a", "example.com/b"), finalizers("p"));
  }

  @Test
  void standbyWritesNoFinalizer() {
    policyApi.apply(policy("p", REMOVE));
    settle();
    assertEquals(0, policyApi.calls());
  }

  @Test
  void invalidVersionKeepsTheFinalizer() {
    policyApi.apply(policy("p", REMOVE));
    process.lead();
    settle();
    policyApi.apply(policy("p", "{'deletionPolicy': 'Keep', 'priority': 'x'}"));
    settle();
    assertEquals(List.of(Keys.FINALIZER), finalizers("p"));
  }

  @Test
  void policyWithoutNodesIsDeletedAtOnce() {
    api.put(NodeFixture.node("n").build());
    policyApi.apply(
        policy("p", REMOVE.replace("}}", "}, 'nodeSelector': {'matchLabels': {'a': 'b'}}}")));
    process.lead();
    settle();
    policyApi.delete("p");
    settle();
    assertFalse(policyApi.policies().containsKey("p"));
  }

  @Test
  void policyStaysUntilTheLastNodeIsCleanAndNamesTheRest() {
    api.put(NodeFixture.node("a").build());
    api.put(NodeFixture.node("b").label("held", "1").build());
    policyApi.apply(policy("p", REMOVE));
    process.lead();
    settle();
    policyApi.apply(
        policy(
            "q",
            "{'suspend': true, 'nodeSelector': {'matchLabels': {'held': '1'}}, 'images': [{'ref':"
                + " 'a'}]}"));
    settle();
    policyApi.delete("p");
    settle();
    assertEquals(List.of(Keys.FINALIZER), finalizers("p"));
    assertEquals(
        "1 node is left to clean. Held up: node b: Policy q is suspended.", progressing("p"));
    assertFalse(api.node("a").annotations().containsKey(Keys.CONFIG));
    int writes = api.writes().size() + policyApi.writes();
    settle();
    assertEquals(writes, api.writes().size() + policyApi.writes(), "it waits without a write");

    policyApi.delete("q");
    settle();
    assertFalse(policyApi.policies().containsKey("p"));
    assertFalse(api.node("b").annotations().containsKey(Keys.CONFIG));
  }

  @Test
  void deletedNodeDoesNotDelayTheDeletion() {
    api.put(NodeFixture.node("n").build());
    policyApi.apply(policy("p", REMOVE));
    process.lead();
    settle();
    api.thenAnswer(new WriteResult.Rejected(422, "no"));
    policyApi.delete("p");
    process.seePolicies(List.copyOf(policyApi.policies().values()));
    for (int i = 0; i < 10; i++) {
      process.work();
    }
    assertTrue(policyApi.policies().containsKey("p"));
    api.delete("n");
    settle();
    assertFalse(policyApi.policies().containsKey("p"));
  }

  @Test
  void refusedFinalizerIsReportedOnceAndRetried() {
    for (int i = 0; i < 3; i++) {
      policyApi.thenAnswer(new WriteResult.Rejected(403, "no right to patch"));
    }
    policyApi.apply(policy("p", REMOVE));
    process.lead();
    settle();
    assertEquals(
        1,
        process.process.events.latest().stream()
            .filter(e -> e.message().contains("no right to patch"))
            .count());
    assertEquals(List.of(Keys.FINALIZER), finalizers("p"));
  }

  @Test
  void concurrentChangeIsAConflictWithoutALoss() {
    policyApi.apply(policy("p", REMOVE));
    process.seePolicies(List.copyOf(policyApi.policies().values()));
    policyApi.patchFinalizers(
        "p", policyApi.policies().get("p").meta().resourceVersion(), List.of("example.com/new"));
    process.lead();
    for (int i = 0; i < 5; i++) {
      process.work();
    }
    assertEquals(List.of("example.com/new"), finalizers("p"));
    settle();
    assertEquals(List.of("example.com/new", Keys.FINALIZER), finalizers("p"));
  }

  /** All but this cache moves on: policies are seen, nodes are not, time passes. */
  private void withoutNews(QueuedProcess stale) {
    for (int i = 0; i < 30; i++) {
      stale.seePolicies(List.copyOf(policyApi.policies().values()));
      for (int pass = 0; stale.work(); pass++) {
        assertTrue(pass < 1000, "a hot loop");
      }
      time.advance(Duration.ofSeconds(1));
    }
  }

  @Test
  void newLeaderWithAStaleNodeCacheKeepsThePolicyWhileMarksRemain() {
    NodeView bare = api.put(NodeFixture.node("n").build());
    policyApi.apply(policy("p", REMOVE));
    process.lead();
    settle();
    assertTrue(api.node("n").annotations().containsKey(Keys.CONFIG));
    process.depose();
    policyApi.delete("p");

    QueuedProcess next = new QueuedProcess(api, policyApi, time);
    next.see("n", Optional.of(bare));
    next.seePolicies(List.copyOf(policyApi.policies().values()));
    next.lead();
    withoutNews(next);
    assertEquals(List.of(Keys.FINALIZER), finalizers("p"));
    assertEquals(
        "0 nodes are left to clean, but the cache of nodes may be behind the API server.",
        progressing("p"));
    assertEquals(1, next.fresh.calls());

    next.see("n", Optional.of(api.node("n")));
    withoutNews(next);
    assertEquals(List.of(Keys.FINALIZER), finalizers("p"), "our own write is not seen yet");
    next.see("n", Optional.of(api.node("n")));
    withoutNews(next);
    assertFalse(policyApi.policies().containsKey("p"));
    assertFalse(api.node("n").annotations().containsKey(Keys.CONFIG));
  }

  @Test
  void nodeWithALostReplyIsReadBeforeTheFinalizerIsRemoved() {
    policyApi.apply(policy("p", REMOVE));
    process.lead();
    settle();
    NodeView bare = api.put(NodeFixture.node("n").build());
    process.see("n", Optional.of(bare));
    api.loseReplies(true);
    process.work();
    api.loseReplies(false);
    assertTrue(api.node("n").annotations().containsKey(Keys.CONFIG));
    policyApi.delete("p");
    withoutNews(process);
    assertEquals(List.of(Keys.FINALIZER), finalizers("p"));
    settle();
    assertFalse(policyApi.policies().containsKey("p"));
    assertFalse(api.node("n").annotations().containsKey(Keys.CONFIG));
  }

  @Test
  void nodeNotYetSeenByTheWatchIsCleanedFirst() {
    policyApi.apply(policy("p", REMOVE));
    process.lead();
    settle();
    QueuedProcess other = new QueuedProcess(api, policyApi, time);
    NodeView joined = api.put(NodeFixture.node("late").build());
    other.seePolicies(List.copyOf(policyApi.policies().values()));
    other.see("late", Optional.of(joined));
    other.lead();
    for (int i = 0; i < 5; i++) {
      other.work();
    }
    assertTrue(api.node("late").annotations().containsKey(Keys.CONFIG));
    policyApi.delete("p");
    withoutNews(process);
    assertEquals(List.of(Keys.FINALIZER), finalizers("p"), "it has never heard of the node");
    settle();
    assertFalse(policyApi.policies().containsKey("p"));
    assertFalse(api.node("late").annotations().containsKey(Keys.CONFIG));
  }

  @Test
  void failedProofIsRetriedAndPoliciesWaitForTheirTurn() {
    NodeView bare = api.put(NodeFixture.node("n").build());
    policyApi.apply(policy("p", REMOVE));
    policyApi.apply(policy("q", REMOVE.replace("reservation", "quota").replace("'cpu': '1'", "")));
    process.lead();
    settle();
    policyApi.delete("p");
    policyApi.delete("q");
    QueuedProcess next = new QueuedProcess(api, policyApi, time);
    process.depose();
    next.see("n", Optional.of(bare));
    next.seePolicies(List.copyOf(policyApi.policies().values()));
    next.lead();
    withoutNews(next);
    assertEquals(1, next.fresh.calls(), "one at a time");
    next.fresh.fail();
    withoutNews(next);
    assertEquals(2, next.fresh.calls());
    assertEquals(2, policyApi.policies().size());
    for (int i = 0; i < 4; i++) {
      next.see("n", Optional.of(api.node("n")));
      withoutNews(next);
    }
    assertEquals(0, policyApi.policies().size());
    assertFalse(api.node("n").annotations().containsKey(Keys.CONFIG));
  }

  private List<String> finalizers(String name) {
    return policyApi.policies().get(name).meta().finalizers();
  }

  private String progressing(String name) {
    for (JsonElement c : policyApi.policies().get(name).status().getAsJsonArray("conditions")) {
      if (c.getAsJsonObject().get("type").getAsString().equals("Progressing")) {
        return c.getAsJsonObject().get("message").getAsString();
      }
    }
    return "";
  }

  private void settle() {
    for (int i = 0; i < 30; i++) {
      boolean busy = true;
      for (int pass = 0; busy; pass++) {
        assertTrue(pass < 1000, "a hot loop");
        List.copyOf(process.process.cluster.nodeNames())
            .forEach(n -> process.see(n, Optional.ofNullable(api.node(n))));
        api.nodes().forEach(n -> process.see(n.name(), Optional.of(n)));
        process.seePolicies(List.copyOf(policyApi.policies().values()));
        busy = process.work();
      }
      time.advance(Duration.ofSeconds(5));
    }
  }
}
