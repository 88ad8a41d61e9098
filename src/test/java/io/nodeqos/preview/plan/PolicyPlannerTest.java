// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.plan;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.CREATED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.preview.FleetPass;
import io.nodeqos.preview.PreviewFixture;
import io.nodeqos.preview.change.Change;
import io.nodeqos.preview.change.Change.On;
import io.nodeqos.preview.change.ChangeGroup;
import io.nodeqos.preview.edit.PolicyEdits;
import io.nodeqos.preview.plan.PolicyPlan.Stay;
import io.nodeqos.reconcile.brake.BrakeForecast.Forecast;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyPlannerTest {
  private static final String QUOTA =
      "{'quota': {'classes': [{'name': 'batch', 'memory': {'high': '50%'},"
          + " 'advertise': {'cpu': '25%'}}]}}";
  private static final String SMALLER =
      "{'quota': {'classes': [{'name': 'batch', 'memory': {'high': '25%'},"
          + " 'advertise': {'cpu': '12.5%'}}]}}";

  private final PreviewFixture cluster = new PreviewFixture();

  @Test
  void nodesWithTheSameChangeAreOneGroup() {
    PolicyPlan plan =
        cluster
            .policy("base", QUOTA)
            .node(node("a"))
            .node(node("b"))
            .node(node("c").resource("cpu", "16"))
            .converged()
            .plan("base", SMALLER);

    assertEquals(2, plan.groups().size());
    ChangeGroup first = plan.groups().get(0);
    assertEquals(List.of("a", "b"), first.nodes());
    assertEquals(
        List.of("17179869184 -> 8589934592"), values(first, "quota.classes[batch].memory.high"));
    assertEquals(List.of("2000 -> 1000", "2000 -> 1000"), values(first, "nodeqos.io/batch-cpu"));
    assertEquals(
        List.of("4000 -> 2000", "4000 -> 2000"),
        values(plan.groups().get(1), "nodeqos.io/batch-cpu"));
    assertEquals(3, plan.writes().nodes());
    assertEquals(3, plan.writes().nodeStatus());
    assertEquals(0, plan.pending());
  }

  @Test
  void nodesOfManySizesAreOneGroupWithRanges() {
    cluster.policy("base", QUOTA);
    for (int cpus = 1; cpus <= 9; cpus++) {
      cluster.node(node("n" + cpus).resource("cpu", String.valueOf(cpus)));
    }

    PolicyPlan plan = cluster.converged().plan("base", SMALLER);

    assertEquals(1, plan.groups().size());
    assertEquals(9, plan.groups().get(0).nodes().size());
    assertEquals(
        "250..2250 -> 125..1125", values(plan.groups().get(0), "nodeqos.io/batch-cpu").get(0));
  }

  @Test
  void changesThatThePresentPoliciesMakeAreNotBlamedOnTheEdit() {
    PolicyPlan plan =
        cluster
            .policy("base", QUOTA)
            .node(node("a"))
            .plan("other", "{'nodeSelector': {'matchLabels': {'pool': 'none'}}, 'suspend': true}");

    assertEquals(List.of(), plan.groups());
    assertEquals(1, plan.pending());
  }

  @Test
  void pendingNodesShowTheDifferenceOfTheEditAlone() {
    PolicyPlan plan = cluster.policy("base", QUOTA).node(node("a")).plan("base", SMALLER);

    assertEquals(
        List.of("17179869184 -> 8589934592"),
        values(plan.groups().get(0), "quota.classes[batch].memory.high"));
  }

  @Test
  void nodesThatTheEditKeepsFromBeingWrittenStay() {
    PolicyPlan plan =
        cluster
            .policy("base", QUOTA)
            .node(node("a"))
            .plan("base", "{'suspend': true, " + QUOTA.substring(1));

    assertEquals(List.of(), plan.groups());
    assertEquals("Suspended", plan.stays().get(0).code());
  }

  @Test
  void nodesThatStaySayWhy() {
    PolicyPlan plan =
        cluster
            .policy("base", QUOTA)
            .policy(
                "override",
                "{'priority': 200, 'nodeSelector': {'matchLabels': {'pool': 'gpu'}}, 'quota':"
                    + " {'classes': [{'name': 'gpu'}]}}")
            .policy(
                "frozen",
                "{'priority': 300, 'suspend': true, 'nodeSelector': {'matchLabels': {'pool':"
                    + " 'old'}}, 'images': [{'ref': 'registry.example.com/a:1'}]}")
            .node(node("changes"))
            .node(node("gpu-1").label("pool", "gpu"))
            .node(node("gpu-2").label("pool", "gpu"))
            .node(node("old").label("pool", "old"))
            .node(node("going").deleting())
            .node(NodeFixture.empty("no-capacity"))
            .converged()
            .plan("base", SMALLER);

    assertEquals(List.of("changes"), plan.groups().get(0).nodes());
    assertEquals(
        List.of(
            "AnotherPolicy gpu-1,gpu-2 their quota is from policy override (priority 200)",
            "Deleting going a node that is being deleted stays as it is",
            "NoCapacity no-capacity they report no CPU and memory capacity",
            "Suspended old policy frozen is suspended"),
        plan.stays().stream().map(PolicyPlannerTest::text).sorted().toList());
  }

  @Test
  void warmNodesStayWhenOnlyGatesChange() {
    String gates = "{'warmUp': {'nodeReady': {}}}";
    PolicyPlan plan =
        cluster
            .policy("base", gates)
            .warm(node("warm"))
            .converged()
            .plan("base", "{'warmUp': {'nodeReady': {}, 'conditions': [{'type': 'GpuReady'}]}}");

    assertEquals(List.of(), plan.groups());
    assertEquals(
        List.of("WarmAlready warm they are warm: changed gates count at their next warm-up"),
        plan.stays().stream().map(PolicyPlannerTest::text).toList());
    Forecast continuous = plan.continuous().get(0);
    assertEquals(1, continuous.losing(), "the gate is closed on the one warm node");
    assertFalse(continuous.holds(), "one or two nodes are never held");
  }

  @Test
  void nodesOutsideOfTheSelectorAreNotListed() {
    PolicyPlan plan =
        cluster
            .node(node("a").label("pool", "x"))
            .node(node("b"))
            .plan("x", "{'nodeSelector': {'matchLabels': {'pool': 'x'}}, " + QUOTA.substring(1));

    assertEquals(1, plan.changed());
    assertEquals(List.of(), plan.stays());
    assertEquals(1, plan.policies().get(0).selectedAfter());
    assertEquals(0, plan.policies().get(0).selectedBefore());
  }

  @Test
  void theBrakeCountsTheMarksOfADeletedPolicy() {
    PolicyObject policy =
        PolicyFixture.policy("base", "{'deletionPolicy': 'Remove', 'warmUp': {'nodeReady': {}}}");
    cluster.policy(
        new PolicyObject(
            new PolicyObject.Meta(
                "base", "uid-base", "10", 1, CREATED, false, List.of(Keys.FINALIZER)),
            policy.spec(),
            policy.status()));
    for (int i = 0; i < 10; i++) {
      cluster.warm(node("n" + i));
    }

    PolicyPlan plan = cluster.converged().planDeletion("base");

    Forecast marks = plan.marks().get(0);
    assertEquals(10, marks.losing());
    assertEquals(10, marks.warm());
    assertEquals(2, marks.limit());
    assertTrue(marks.holds());
    assertTrue(
        plan.groups().get(0).changes().stream()
            .anyMatch(c -> c.on() == On.LABEL && c.key().equals(Keys.WARMED_UP)));
  }

  @Test
  void aDeletedPolicyWithKeepLeavesEverythingThere() {
    PolicyPlan plan =
        cluster.policy("base", QUOTA).node(node("a")).converged().planDeletion("base");

    assertEquals(List.of(), plan.groups());
    assertTrue(plan.hasChanges(), "the policy goes");
    assertEquals(
        List.of("Kept a they keep all that the deleted policy has written (deletionPolicy: Keep)"),
        plan.stays().stream().map(PolicyPlannerTest::text).toList());
  }

  @Test
  void aNewPolicyThatRemovesIsInForceWithItsFinalizer() {
    PolicyPlan plan =
        cluster.node(node("a")).plan("base", "{'deletionPolicy': 'Remove', " + QUOTA.substring(1));

    assertEquals(1, plan.changed());
  }

  @Test
  void missingImagesArePulledByADaemonSet() {
    PolicyPlan plan =
        cluster
            .node(node("has").image("registry.example.com/a:1"))
            .node(node("has-not"))
            .plan("base", "{'images': [{'ref': 'registry.example.com/a:1'}]}");

    assertEquals(1, plan.writes().pulls());
    assertEquals(List.of("nodeqos-spinner-base"), plan.writes().daemonSets());
    ChangeGroup pulling =
        plan.groups().stream().filter(g -> g.nodes().contains("has-not")).findFirst().orElseThrow();
    assertTrue(
        pulling.changes().stream()
            .anyMatch(c -> c.on() == On.IMAGE && c.key().equals("registry.example.com/a:1")));
  }

  @Test
  void aSuspendedPolicyGetsNoDaemonSet() {
    PolicyPlan plan =
        cluster
            .node(node("has-not"))
            .plan("base", "{'suspend': true, 'images': [{'ref': 'registry.example.com/a:1'}]}");

    assertEquals(List.of(), plan.writes().daemonSets());
  }

  @Test
  void anUnchangedPolicyHasNoChanges() {
    PolicyPlan plan = cluster.policy("base", QUOTA).node(node("a")).converged().plan("base", QUOTA);

    assertFalse(plan.hasChanges());
    assertFalse(plan.hasWarnings());
  }

  @Test
  void itSaysThatRequestsOfPodsWereNotRead() {
    PolicyPlan plan =
        cluster
            .policy("base", QUOTA)
            .node(node("a"))
            .converged()
            .requestsNotRead()
            .plan("base", SMALLER);

    assertEquals(1, plan.notChecked().size());
  }

  @Test
  void aDryRunInAFileChangesNothingAndSaysSo() {
    PolicyPlan plan =
        cluster
            .node(node("a").label("pool", "x"))
            .node(node("b"))
            .plan(
                "next",
                "{'dryRun': true, 'nodeSelector': {'matchLabels': {'pool': 'x'}}, "
                    + QUOTA.substring(1));

    assertEquals(List.of(), plan.groups());
    assertEquals(1, plan.policies().get(0).selectedAfter());
    assertEquals(
        List.of("DryRun a policy next is a dry run"),
        plan.stays().stream().map(PolicyPlannerTest::text).toList());
    assertEquals(List.of(), plan.warnings());
  }

  @Test
  void aDryRunThatGoesLiveIsPlannedInForce() {
    PolicyPlan plan =
        cluster
            .policy("next", "{'dryRun': true, " + QUOTA.substring(1))
            .node(node("a"))
            .converged()
            .plan("next", QUOTA);

    assertEquals(1, plan.changed());
    assertEquals(1, plan.policies().get(0).selectedBefore());
  }

  @Test
  void nodesOfAnInvalidPolicyStay() {
    PolicyPlan plan =
        cluster
            .policy("base", QUOTA)
            .node(node("a"))
            .converged()
            .policyNow("base", "{'quota': {'classes': [{'name': 'NOT A NAME'}]}}")
            .plan("other", "{'priority': -1}");

    assertEquals(List.of(), plan.groups());
    assertEquals(
        List.of("Invalid a policy base is invalid and no valid version of it is known"),
        plan.stays().stream().map(PolicyPlannerTest::text).toList());
  }

  @Test
  void nodesThatCannotBeConfiguredStay() {
    PolicyPlan plan =
        cluster
            .policy("base", "{'reservation': {'memory': '4Gi'}}")
            .node(node("small").resource("memory", "2Gi"))
            .converged()
            .plan("base", "{'reservation': {'memory': '5Gi'}}");

    assertEquals(
        List.of("NotConfigured small they cannot be configured"),
        plan.stays().stream().map(PolicyPlannerTest::text).toList());
  }

  @Test
  void nodesForWhichTheEditMakesNoDifferenceStay() {
    PolicyPlan plan =
        cluster
            .policy("base", QUOTA)
            .node(node("a"))
            .converged()
            .plan("base", "{'priority': 3, " + QUOTA.substring(1));

    assertEquals(
        List.of("Same a the edit makes no difference for them now"),
        plan.stays().stream().map(PolicyPlannerTest::text).toList());
  }

  @Test
  void allProcessorsFindTheSameAsOne() {
    cluster
        .policy("base", QUOTA)
        .policy(
            "gpu",
            "{'priority': 9, 'nodeSelector': {'matchLabels': {'pool': 'gpu'}}, 'reservation':"
                + " {'memory': '3Gi'}, 'warmUp': {'nodeReady': {}}}");
    for (int i = 0; i < 400; i++) {
      NodeFixture node =
          node("n" + i)
              .resource("cpu", String.valueOf(1 + i % 7))
              .resource("memory", (2 + i % 5) + "Gi")
              .label("pool", i % 3 == 0 ? "gpu" : "general");
      cluster.request("pod-" + i, "n" + i, "nodeqos.io/batch-cpu", 100L * (i % 11));
      if (i % 4 == 0) {
        cluster.warm(node);
      } else {
        cluster.node(node);
      }
    }
    PolicyEdits edits =
        cluster
            .converged()
            .edits(
                PreviewFixture.document("base", SMALLER)
                    + "\n---\n"
                    + PreviewFixture.document(
                        "gpu",
                        "{'priority': 9, 'nodeSelector': {'matchLabels': {'pool': 'gpu'}},"
                            + " 'reservation': {'memory': '4Gi'}, 'warmUp': {'nodeReady': {},"
                            + " 'csiDrivers': [{'name': 'nvme.example.com'}]}}"),
                List.of());

    PolicyPlan one = cluster.plan(edits, FleetPass.ONE_BY_ONE);
    assertTrue(one.groups().size() > 1 && !one.warnings().isEmpty(), one::toString);
    for (int i = 0; i < 5; i++) {
      assertEquals(one, cluster.plan(edits, FleetPass.ALL_PROCESSORS));
    }
  }

  private static String text(Stay stay) {
    return stay.code() + " " + String.join(",", stay.nodes()) + " " + stay.why();
  }

  private static List<String> values(ChangeGroup group, String key) {
    return group.changes().stream()
        .filter(c -> c.key().equals(key))
        .map((Change c) -> c.before() + " -> " + c.after())
        .toList();
  }
}
