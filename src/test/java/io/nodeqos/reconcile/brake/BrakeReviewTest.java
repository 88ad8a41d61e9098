// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.brake;

import static io.nodeqos.fixture.PolicyFixture.json;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutRequest;
import io.nodeqos.reconcile.BrakeSettings;
import io.nodeqos.reconcile.plan.Plans;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When the brake looks at a policy, and who is told. */
class BrakeReviewTest {
  private static final PolicyObject POLICY = policy("p", "{'warmUp': {'nodeReady': {}}}");
  private static final NodePlan KEEPING =
      NodePlan.none(
          NodePlan.Summary.of(NodePhase.WARM).because("Test", "A gate is closed."),
          NodeMemory.NONE);
  private static final NodePlan TAKING =
      KEEPING.withTransitions(List.of(PlannedTransition.GATE_LOST));

  private final FakeTime time = new FakeTime();
  private final PolicyCatalog policies = PolicyFixture.catalog(POLICY);
  private final List<String> told = new ArrayList<>();
  private final List<String> freed = new ArrayList<>();
  private BrakeSettings settings = BrakeSettings.DEFAULT;
  private Runnable meanwhile = () -> {};
  private int nodesInCache;
  private final Brake brake =
      new Brake(
          policies,
          () -> nodesInCache,
          () -> {
            meanwhile.run();
            return settings;
          },
          new Brake.Listener() {
            @Override
            public void policyChanged(String policy) {
              told.add(policy);
            }

            @Override
            public void freed(String node) {
              freed.add(node);
            }
          });

  private NodePlan admit(int node, NodePlan plan) {
    NodeView warm = Plans.warm("n%02d".formatted(node)).build();
    return brake.admit(warm, policies.snapshot().compile(warm), plan, time.instant());
  }

  /** So many nodes are to lose their mark, and have settled. */
  private void due(int nodes) {
    for (int i = 0; i < nodes; i++) {
      admit(i, TAKING);
    }
    time.advance("6S");
  }

  private void episode() {
    nodesInCache = 5;
    due(5);
    admit(0, TAKING);
    assertEquals(1, brake.episodes().size());
    told.clear();
  }

  @Test
  void dueNodeWaitsUntilEachNodeIsDecidedOnce() {
    nodesInCache = 2;
    due(1);
    NodePlan held = admit(0, TAKING);
    assertEquals(Optional.of(time.instant().plusSeconds(1)), held.checkAgainAt());
    assertEquals("The node is about to lose its mark. A gate is closed.", held.summary().message());
    admit(1, KEEPING);
    assertEquals(TAKING, admit(0, TAKING));
  }

  @Test
  void withoutAnEpisodeNoPolicyIsToldAndNoNodeIsFreed() {
    nodesInCache = 1;
    due(1);
    brake.review("p", time.instant());
    brake.forget("n00", time.instant());
    brake.forget("unknown", time.instant());
    assertEquals(List.of(), told);
    assertEquals(List.of(), freed);
  }

  @Test
  void reviewFreesNoNodeWhileThereAreTooMany() {
    episode();
    brake.review("p", time.instant());
    assertEquals(List.of(), freed);
    admit(0, KEEPING);
    admit(1, KEEPING);
    admit(2, KEEPING);
    brake.review("p", time.instant());
    assertEquals(List.of("n03", "n04"), freed.stream().sorted().toList());
    assertEquals(List.of(), brake.episodes());
  }

  @Test
  void policyWithAnEpisodeIsToldOfEachNodeThatGoes() {
    episode();
    brake.forget("n04", time.instant());
    assertEquals(List.of("p"), told);
  }

  @Test
  void confirmedEpisodeHoldsNoNode() {
    episode();
    assertEquals(5, brake.braked());
    policies.apply(
        new PolicyObject(
            POLICY.meta(),
            POLICY.spec(),
            POLICY.status(),
            brake.episodes().get(0).token(),
            RolloutRequest.NONE));
    assertTrue(brake.episodes().get(0).confirmed());
    assertEquals(0, brake.braked());
  }

  @Test
  void countsOfTheLastSecondAreGoodEnough() {
    nodesInCache = 20;
    for (int i = 3; i < 20; i++) {
      admit(i, KEEPING);
    }
    due(3);
    Instant counted = time.instant();
    assertEquals(TAKING, admit(0, TAKING), "3 of 20");
    time.advance("0.5S");
    settings = new BrakeSettings(0, Duration.ofHours(1), Duration.ofSeconds(5));
    admit(1, TAKING);
    assertEquals(counted, brake.episodes().get(0).counts().at());
  }

  /** The status comes while a worker decides. */
  @Test
  void episodeThatBeginsElsewhereMeanwhileIsTheSame() {
    nodesInCache = 5;
    due(5);
    meanwhile =
        () ->
            policies.apply(
                PolicyFixture.withStatus(
                    POLICY, json("{'brake': {'since': '2026-01-01T00:00:00Z'}}")));
    NodePlan held = admit(0, TAKING);
    assertEquals(
        "The node keeps its mark: the brake of policy p waits for a confirmation. A gate is closed.",
        held.summary().message());
    assertEquals(Instant.parse("2026-01-01T00:00:00Z"), brake.episodes().get(0).since());
  }
}
