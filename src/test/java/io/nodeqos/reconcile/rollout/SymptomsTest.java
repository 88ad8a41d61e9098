// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.fixture.FakeTime;
import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.value.Resources;
import io.nodeqos.policy.rollout.RolloutSpec.Condition;
import io.nodeqos.policy.rollout.RolloutSpec.Health;
import io.nodeqos.policy.rollout.Share;
import io.nodeqos.reconcile.FakeNodeWriter;
import io.nodeqos.reconcile.TestProcess;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SymptomsTest {
  private static final String SPEC = "{'reservation': {'cpu': '1'}, 'warmUp': {'nodeReady': {}}}";

  private final FakeNodeWriter api = new FakeNodeWriter();
  private final TestProcess leader =
      TestProcess.leader(api, new FakeTime(), PolicyFixture.policy("p", SPEC));
  private ReservedState reserved = ReservedFixture.nothing();
  private List<Condition> conditions = List.of();

  @Test
  void readyNodeHasNone() {
    assertEquals(List.of(), of(NodeFixture.node("n")));
  }

  @Test
  void nodeThatIsNotReadyAlsoHoldsItsWarmUp() {
    assertEquals(
        List.of("NotReady", "GateClosed"), of(NodeFixture.node("n").condition("Ready", "Unknown")));
  }

  @Test
  void eachPressureIsOne() {
    assertEquals(
        List.of("Pressure", "Pressure", "Pressure"),
        of(
            NodeFixture.node("n")
                .condition("MemoryPressure", "True")
                .condition("DiskPressure", "True")
                .condition("PIDPressure", "True")));
    assertEquals(List.of(), of(NodeFixture.node("n").condition("MemoryPressure", "False")));
  }

  @Test
  void listedConditionsMustHaveTheirStatus() {
    conditions = List.of(new Condition("a.b/Good", "True"), new Condition("a.b/Bad", "False"));
    assertEquals(List.of("ConditionLost", "ConditionLost"), of(NodeFixture.node("n")));
    assertEquals(
        List.of(),
        of(NodeFixture.node("n").condition("a.b/Good", "True").condition("a.b/Bad", "False")));
    assertEquals(
        List.of("ConditionLost"),
        of(NodeFixture.node("n").condition("a.b/Good", "True").condition("a.b/Bad", "True")));
  }

  @Test
  void reservedPodsCountUnlessTheyAreFinishedOrGoing() {
    reserved =
        ReservedFixture.kubeSystem(
            List.of(
                ReservedFixture.pod("cni", false),
                ReservedFixture.pod("csi", true),
                pod("job", "Succeeded", false),
                pod("old", "Running", true)),
            List.of());
    List<Symptom> symptoms = symptoms(NodeFixture.node("n"));
    assertEquals(List.of("PodNotReady"), symptoms.stream().map(Symptom::reason).toList());
    assertEquals("pod kube-system/cni-x is not Ready", symptoms.get(0).message());
    assertEquals("Pod/ds-cni", symptoms.get(0).key(), "its DaemonSet replaces it");
  }

  @Test
  void agentSpeaksOfTheConfigurationThatTheNodeHas() {
    NodeView node = written(NodeFixture.node("n"));
    String version = node.labels().get(Keys.CONFIG_VERSION);
    List<Symptom> now = symptoms(annotated(version + " no such cgroup"));
    assertEquals("the agent says: no such cgroup", now.get(0).message());
    assertEquals(Optional.of(Duration.ZERO), now.get(0).grace(), "it is a failure at once");
    assertEquals(List.of(), symptoms(annotated("0123456789 no such cgroup")));
    assertEquals(List.of(), symptoms(annotated(version)));
  }

  private NodeFixture annotated(String error) {
    return NodeFixture.node("n").annotation(Keys.APPLY_ERROR, error);
  }

  private static PodView pod(String app, String phase, boolean deleting) {
    return ReservedFixture.pod(app, false, phase, deleting, Resources.NONE);
  }

  private NodeView written(NodeFixture fixture) {
    api.put(fixture.build());
    leader.reconcileFresh("n");
    leader.reconcileFresh("n");
    return api.node("n");
  }

  private List<String> of(NodeFixture fixture) {
    return symptoms(fixture).stream().map(Symptom::reason).toList();
  }

  private List<Symptom> symptoms(NodeFixture fixture) {
    NodeView node = written(fixture);
    return new Symptoms(new Health(Duration.ofSeconds(1), Optional.empty(), conditions, Share.NONE))
        .of(node, reserved, leader.fleet.state("n"), true);
  }
}
