// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.fleet;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.json;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.PolicyFixture.withStatus;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.plan.Freeze;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.ClusterView;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.TestProcess;
import io.nodeqos.reconcile.fleet.PolicyCounts.Nodes;
import io.nodeqos.reconcile.plan.OrphanTaints;
import io.nodeqos.reconcile.plan.Plans;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What is counted for a policy: what nodes carry, and with which version of it they were decided.
 */
class PolicyCensusTest {
  private static final String BASE = "{'reservation': {'cpu': '1'}, 'warmUp': {'nodeReady': {}}}";
  private static final String GPU =
      "{'priority': 5, 'nodeSelector': {'matchLabels': {'pool': 'gpu'}},"
          + " 'images': [{'ref': 'a', 'pull': 'Never'}]}";

  private final FakeTime time = new FakeTime();
  private final FakeNodeWriter api = new FakeNodeWriter();

  @Test
  void carriedAndWantedVersionsAreCountedSeparately() {
    TestProcess process = TestProcess.leader(api, time, policy("p", "{}"));
    decided(process, "warm", plan(NodePhase.WARM, "v2", false));
    decided(process, "warmWithAnOldConfig", plan(NodePhase.WARM, "v2", true));
    decided(process, "waiting", plan(NodePhase.WAITING, "v2", false));
    decided(process, "new", plan(NodePhase.WAITING, "v2", true));
    decided(process, "noCapacity", plan(NodePhase.PENDING, "", false));
    decided(process, "configured", plan(NodePhase.CONFIGURED, "v2", false));
    decided(process, "frozen", frozen(plan(NodePhase.WARM, "v1", false), true));
    decided(process, "frozenBehind", frozen(plan(NodePhase.WARM, "v1", false), false));
    PolicyCounts counts = counts(process, "p");
    assertEquals(new Nodes(8, 4, 3, 4, 2, 0), counts.nodes());
    assertEquals(Map.of("v2", 3, "v1", 1), counts.versions());
    assertEquals(2, counts.frozen().nodes());
    assertEquals(3, counts.left(), "a frozen node is not left to be configured");
  }

  @Test
  void suspensionChangesNoCountOfAnyPolicyOfItsNodes() {
    TestProcess process = fleet(BASE, GPU);
    assertEquals(new Nodes(3, 3, 2, 2, 1, 0), counts(process, "base").nodes());
    assertEquals(new Nodes(2, 2, 1, 1, 1, 0), counts(process, "gpu").nodes());

    suspend(process, BASE);

    assertEquals(new Nodes(3, 3, 2, 2, 1, 0), counts(process, "base").nodes());
    assertEquals(3, counts(process, "base").frozen().nodes());
    PolicyCounts gpu = counts(process, "gpu");
    assertEquals(new Nodes(2, 2, 1, 1, 1, 0), gpu.nodes());
    assertEquals(Map.of(new Freeze(Freeze.Cause.SUSPENDED, "base", true), 2), gpu.frozen().by());
    assertEquals(2, process.fleet.phases().get(NodePhase.WARM));
  }

  @Test
  void configurationThatCameWithASuspensionCountsOnNoNode() {
    TestProcess process = fleet(BASE, GPU);
    suspend(process, BASE.replace("'1'", "'2'"));
    assertEquals(new Nodes(3, 0, 0, 2, 1, 0), counts(process, "base").nodes());
  }

  /** The nodes keep the configuration before, and stay warm. */
  @Test
  void configurationThatNoNodeHasRoomForCountsOnNoNode() {
    TestProcess process = fleet(BASE, GPU);
    process.policies.apply(policy("base", 2, PolicyFixture.CREATED, BASE.replace("'1'", "'100'")));
    process.cluster.nodeNames().forEach(process::reconcileFresh);
    assertEquals(new Nodes(3, 0, 0, 2, 1, 0), counts(process, "base").nodes());
  }

  @Test
  void rebootedFrozenNodeIsNoLongerWarm() {
    TestProcess process = fleet(BASE, GPU);
    suspend(process, BASE);
    api.change("n1", n -> Plans.rebooted(n, "boot-2", time.instant()));
    process.reconcileFresh("n1");
    assertEquals(1, counts(process, "base").nodes().warm());
  }

  @Test
  void nodesDecidedWithAnEarlierGenerationAreNotConfigured() {
    TestProcess process = fleet(BASE, GPU);
    process.policies.apply(policy("base", 2, PolicyFixture.CREATED, BASE));
    assertEquals(new Nodes(3, 0, 0, 2, 1, 3), counts(process, "base").nodes());
    assertEquals(0, counts(process, "gpu").nodes().unseen(), "that one has not changed");
    process.reconcileFresh("n1");
    assertEquals(new Nodes(3, 1, 1, 2, 1, 2), counts(process, "base").nodes());
  }

  @Test
  void nodesOnAnEarlierRevisionAreNotConfiguredForThePolicyInRollout() {
    TestProcess process = fleet(BASE, GPU);
    String next = BASE.replace("'1'", "'2'");
    process.policies.apply(
        withStatus(
            policy("base", 2, PolicyFixture.CREATED, next.replaceFirst("\\{", "{'rollout': {}, ")),
            json("{'rollout': {'stable': '" + revision(BASE) + "', 'stableGeneration': 1}}")));
    process.policies.apply(PolicyFixture.revision("base", 1, BASE));
    List.of("n1", "n2", "n3").forEach(process::reconcileFresh);
    assertEquals(new Nodes(3, 0, 0, 2, 1, 0), counts(process, "base").nodes());
    assertEquals(3, counts(process, "base").left());
    assertEquals(new Nodes(2, 2, 1, 1, 1, 0), counts(process, "gpu").nodes(), "its own is as ever");

    process.policies.moves().move("base", "n1", revision(next));
    process.reconcileFresh("n1");
    assertEquals(new Nodes(3, 1, 1, 2, 1, 0), counts(process, "base").nodes());
    assertEquals(
        3,
        counts(process, "base").versions().values().stream().mapToInt(i -> i).sum(),
        "the versions of both revisions are on nodes");
  }

  private static String revision(String spec) {
    return PolicyFixture.revision("base", 1, spec).revision();
  }

  @Test
  void widerSelectorCountsUndecidedNodes() {
    TestProcess process = fleet(BASE, GPU);
    process.policies.apply(policy("gpu", 2, PolicyFixture.CREATED, "{}"));
    assertEquals(3, counts(process, "gpu").nodes().unseen());
  }

  @Test
  void policyWithoutItsFinalizerHasNoConfiguredNode() {
    TestProcess process = fleet(BASE, GPU);
    process.policies.apply(policy("new", "{'deletionPolicy': 'Remove'}"));
    assertEquals(new Nodes(3, 0, 0, 2, 1, 3), counts(process, "new").nodes());
  }

  @Test
  void nodeBeingDeletedIsNotFrozen() {
    TestProcess process = fleet(BASE, GPU);
    api.change("n1", Plans::deleting);
    process.reconcileFresh("n1");
    assertEquals(new Nodes(3, 3, 2, 2, 1, 0), counts(process, "base").nodes());
    assertEquals(0, counts(process, "base").frozen().nodes());
    assertTrue(process.fleet.frozen().keySet().stream().anyMatch(f -> f.policy().isEmpty()));
  }

  /** n1 and n2 are warm, n3 waits; n2 and n3 are of the pool gpu. */
  private TestProcess fleet(String base, String gpu) {
    TestProcess process = TestProcess.leader(api, time, policy("base", base), policy("gpu", gpu));
    join(process, NodeFixture.node("n1"));
    join(process, NodeFixture.node("n2").label("pool", "gpu"));
    join(process, NodeFixture.node("n3").label("pool", "gpu").condition("Ready", "False"));
    return process;
  }

  private void join(TestProcess process, NodeFixture node) {
    String name = node.build().name();
    api.put(node.build());
    process.reconcileFresh(name);
    process.reconcileFresh(name);
  }

  private void suspend(TestProcess process, String spec) {
    PolicyObject suspended =
        policy("base", 2, PolicyFixture.CREATED, spec.replaceFirst("\\{", "{'suspend': true, "));
    process.policies.apply(suspended);
    List.of("n1", "n2", "n3").forEach(process::reconcileFresh);
  }

  private static PolicyCounts counts(TestProcess process, String policy) {
    PolicyCatalog.Entry entry = process.policies.entry(policy).orElseThrow();
    PolicyCounts counts = process.census().of(entry);
    assertEquals(
        new PolicyCensus(new OneByOne(process.cluster), process.policies, process.fleet).of(entry),
        counts,
        "the counts by groups are those of the nodes one by one");
    return counts;
  }

  /** A cluster with a node that the fleet does not know: the nodes are counted one by one. */
  private record OneByOne(ClusterView cluster) implements ClusterView {
    @Override
    public boolean synced() {
      return cluster.synced();
    }

    @Override
    public Optional<NodeView> node(String name) {
      return cluster.node(name);
    }

    @Override
    public Collection<String> nodeNames() {
      return cluster.nodeNames();
    }

    @Override
    public int nodeCount() {
      return cluster.nodeCount() + 1;
    }

    @Override
    public ReservedState reserved(String nodeName) {
      return cluster.reserved(nodeName);
    }
  }

  private void decided(TestProcess process, String name, NodePlan plan) {
    process.cluster.show(node(name).build());
    NodeState.DecisionNotes notes =
        NodeState.DecisionNotes.NONE.decided(
            process.policies.snapshot().number(), OrphanTaints.NONE, Optional.empty());
    process.fleet.update(name, s -> s.decided(plan, time.instant()).withNotes(notes));
  }

  private static NodePlan frozen(NodePlan plan, boolean current) {
    return plan.withSummary(
        plan.summary().frozen(new Freeze(Freeze.Cause.SUSPENDED, "p", current)));
  }

  private static NodePlan plan(NodePhase phase, String version, boolean write) {
    NodePlan nothing =
        NodePlan.none(
            NodePlan.Summary.of(phase)
                .withVersion(version)
                .because("Reason", "message")
                .withPolicies(List.of("p"), List.of("p")),
            NodeMemory.NONE);
    return write ? nothing.withBase(MetadataChange.label(Keys.CONFIG_VERSION, version)) : nothing;
  }
}
