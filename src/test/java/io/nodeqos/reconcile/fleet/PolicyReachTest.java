// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.CREATED;
import static io.nodeqos.fixture.PolicyFixture.deleting;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.value.Taint;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.TestProcess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The nodes of which a change of a policy can change the decision. */
class PolicyReachTest {
  private static final String BLUE =
      "{'nodeSelector': {'matchLabels': {'pool': 'blue'}}, 'reservation': {'cpu': '1'}}";
  private static final String RED = BLUE.replace("blue", "red");

  private final FakeNodeWriter api = new FakeNodeWriter();
  private final TestProcess process = TestProcess.leader(api, new FakeTime());

  @BeforeEach
  void threePolicies() {
    process.policies.apply(policy("p", BLUE));
    process.policies.apply(policy("pp", "{'nodeSelector': {'matchLabels': {'all': '1'}}}"));
    process.policies.apply(policy("everywhere", "{'reservation': {'cpu': '2'}, 'priority': -1}"));
  }

  private void decided(NodeFixture node) {
    api.put(node.build());
    process.reconcileFresh("n");
  }

  private boolean isReached(String policy) {
    return new PolicyReach(process.cluster, process.policies, process.fleet).of(policy).test("n");
  }

  @Test
  void nodeThatWasNotDecidedIsReachedByEachPolicy() {
    api.put(node("n").build());
    process.catchUp();
    assertEquals(true, isReached("p"));
    assertEquals(true, isReached("unknown"));
  }

  @ParameterizedTest
  @CsvSource({"p, blue, true", "p, red, false", "everywhere, red, true", "unknown, blue, false"})
  void policyReachesTheNodesThatItSelects(String policy, String pool, boolean isReached) {
    decided(node("n").label("pool", pool));
    assertEquals(isReached, isReached(policy));
  }

  @Test
  void versionThatSelectsANodeFromNowOnReachesIt() {
    decided(node("n").label("pool", "red"));
    process.policies.apply(policy("p", 2, CREATED, RED));
    assertEquals(true, isReached("p"));
  }

  /** Though nothing of it is on the node. */
  @Test
  void versionThatSelectsANodeNoMoreReachesIt() {
    process.policies.apply(
        policy("p", 2, CREATED, BLUE.replace(", 'reservation': {'cpu': '1'}", "")));
    decided(node("n").label("pool", "blue"));
    process.policies.apply(policy("p", 3, CREATED, RED));
    assertEquals(true, isReached("p"));
    process.policies.remove("p");
    assertEquals(true, isReached("p"));
    process.reconcileFresh("n");
    assertEquals(false, isReached("p"));
  }

  @Test
  void policyThatIsDeletedReachesTheNodesThatItSelects() {
    PolicyObject held = policy("p", BLUE.replace("{'node", "{'deletionPolicy': 'Remove', 'node"));
    decided(node("n").label("pool", "red"));
    process.policies.apply(deleting(held, Keys.FINALIZER));
    assertEquals(false, isReached("p"));
    api.change("n", n -> node("n").label("pool", "blue").build());
    process.catchUp();
    assertEquals(true, isReached("p"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"sources\":{\"reservation\":\"p\"}} | true",
        "{\"revisions\":{\"p\":\"0123456789\"}} | true",
        "{\"sources\":{\"reservation\":\"pp\"}} | false",
        "{\"sources\":{\"reservation\":\"\\u0070\"}} | true"
      })
  void policyReachesTheNodesThatNameIt(String config, boolean isReached) {
    decided(node("n").label("pool", "red"));
    api.change("n", n -> node("n").label("pool", "red").annotation(Keys.CONFIG, config).build());
    process.catchUp();
    assertEquals(isReached, isReached("p"));
  }

  @Test
  void policyReachesTheNodesThatPullItsImages() {
    decided(node("n").label("pool", "red"));
    api.change("n", n -> node("n").label("pool", "red").label(Keys.IMAGES, "p").build());
    process.catchUp();
    assertEquals(true, isReached("p"));
    assertEquals(false, isReached("pp"));
  }

  @ParameterizedTest
  @CsvSource({
    "nodeqos.io/warming-up, NoSchedule, true",
    "nodeqos.io/warming-up, NoExecute, false",
    "example.com/dedicated, NoSchedule, false"
  })
  void policyReachesTheNodesWithAStartupTaint(String key, String effect, boolean isReached) {
    decided(node("n").label("pool", "red"));
    api.change("n", n -> node("n").label("pool", "red").taint(Taint.of(key, effect)).build());
    process.catchUp();
    assertEquals(isReached, isReached("p"));
  }
}
