// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.explain.answer.Explanation;
import io.nodeqos.explain.answer.Explanation.GateState;
import io.nodeqos.explain.answer.ExplanationText;
import io.nodeqos.explain.fleet.UsualTime;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.text.TextFormat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WarmNodeTest extends ExplainedCluster {
  private static final String CONTINUOUS =
      """
      {'warmUp': {'mode': 'Continuous', 'stableFor': '5m', 'reservedPods': [
        {'namespace': 'kube-system', 'selector': {'matchLabels': {'k8s-app': 'cni'}}}]}%s}
      """;

  @Test
  void brakeKeepsANodeWarmAndItsGateIsNamed() {
    nodes.add(warm("node-1").build());
    PolicyObject braked =
        PolicyFixture.withStatus(
            policy(
                "base",
                """
                {'warmUp': {'mode': 'Continuous', 'reservedPods': [
                  {'namespace': 'kube-system', 'selector': {'matchLabels': {'k8s-app': 'cni'}}}]}}
                """),
            PolicyFixture.json(
                "{'brake': {'token': '0123456789', 'confirmed': false, 'nodes': 4, 'warm': 5}}"));
    policies.add(braked);
    pods.add(ReservedFixture.pod("cni", false));

    Explanation e = explain("node-1");

    assertEquals(0, e.exitCode(), "it carries its mark");
    assertEquals("Braked", e.diagnosis().reason());
    assertTrue(
        ExplanationText.firstLine(e)
            .contains(
                ", but only because the brake of policy base is on:"
                    + " pod kube-system/cni-x is not Ready, and 4 of 5 warm nodes would lose their"
                    + " mark at once."),
        () -> ExplanationText.firstLine(e));
    assertTrue(
        commands(e).contains("kubectl annotate --overwrite nqp base nodeqos.io/confirm=0123456789"),
        () -> commands(e).toString());
  }

  @Test
  void gateOfAWarmNodeThatClosesSaysWhenTheMarkGoes() {
    nodes.add(warm("node-1").build());
    policies.add(policy("base", CONTINUOUS.formatted("")));
    pods.add(ReservedFixture.pod("cni", false));

    assertEquals(
        "but is about to lose its mark in 5m: pod kube-system/cni-x is not Ready",
        explain("node-1").diagnosis().why());
  }

  @Test
  void warmNodeThatIsFrozenLosesNoMark() {
    nodes.add(warm("node-1").build());
    policies.add(policy("base", CONTINUOUS.formatted(", 'suspend': true")));
    pods.add(ReservedFixture.pod("cni", false));

    assertEquals(
        "policy base is suspended, so the controller changes nothing on the node",
        explain("node-1").diagnosis().why());
  }

  @Test
  void tokenThatIsNoneOfOursIsInNoCommand() {
    nodes.add(warm("node-1").build());
    policies.add(
        PolicyFixture.withStatus(
            policy("base", CONTINUOUS.formatted("")),
            PolicyFixture.json(
                "{'brake': {'token': '$(reboot)', 'confirmed': false, 'nodes': 4, 'warm': 5}}")));
    pods.add(ReservedFixture.pod("cni", false));

    assertTrue(
        commands(explain("node-1")).stream().noneMatch(command -> command.contains("reboot")));
  }

  @Test
  void policyThatGoesTakesTheMark() {
    nodes.add(
        warm("node-1").annotation(Keys.CONFIG, "{\"sources\":{\"warmUp\":\"base\"}}").build());
    policies.add(
        PolicyFixture.deleting(
            policy("base", "{'deletionPolicy': 'Remove', 'warmUp': {'nodeReady': {}}}"),
            Keys.FINALIZER));

    Explanation e = explain("node-1");

    assertEquals("Leaving", e.diagnosis().reason());
    assertEquals(
        "but is about to lose its mark: policy base no longer applies to it", e.diagnosis().why());
  }

  @Test
  void gateThatCannotBeReadTakesNoMark() {
    nodes.add(warm("node-1").build());
    policies.add(policy("base", CONTINUOUS.formatted("")));
    readable = false;

    Explanation e = explain("node-1");

    assertEquals("WarmedUp", e.diagnosis().reason());
    assertEquals(GateState.UNKNOWN, e.gates().get(0).state());
  }

  @Test
  void startupTaintThatNoPolicyRemovesKeepsAWarmNodeEmpty() {
    nodes.add(warm("node-1").taint(TAINT).build());
    policies.add(policy("base", "{'warmUp': {'taintKey': 'nodeqos.io/other', 'nodeReady': {}}}"));

    Explanation e = explain("node-1");

    assertEquals(0, e.exitCode());
    assertEquals(
        "but the startup taint nodeqos.io/warming-up:NoSchedule keeps tenants off, and no policy"
            + " removes it: the taintKey of its policy is nodeqos.io/other",
        e.diagnosis().why());
    assertSecondLine(
        "Next: remove it: kubectl taint node node-1 nodeqos.io/warming-up:NoSchedule-", e);
  }

  @Test
  void warmNodeSaysSoInOneLine() {
    nodes.add(warm("node-1").build());
    policies.add(policy("base", WAITS_FOR_CNI));

    Explanation e = explain("node-1");

    assertEquals(0, e.exitCode());
    List<String> lines = new ExplanationText(TextFormat.plain()).lines(e);
    assertTrue(lines.get(0).startsWith("node-1 is warm"), lines::toString);
    assertEquals("", lines.get(1), "there is nothing to do");
    assertEquals(List.of(), e.gates(), "they no longer count");
  }

  @Test
  void usualTimeIsThatOfWarmNodesThatWereNotRebootedLater() {
    policies.add(policy("base", "{'warmUp': {'nodeReady': {}}}"));
    nodes.add(tainted("bad").condition("Ready", "False").build());
    for (int i = 1; i <= 6; i++) {
      nodes.add(
          warm("good-" + i)
              .created(PolicyFixture.CREATED)
              .annotation(
                  Keys.WARMED_UP_AT,
                  PolicyFixture.CREATED.plusSeconds(i == 6 ? 90_000 : 10 * i).toString())
              .build());
    }

    assertEquals(
        Optional.of(new UsualTime(Duration.ofSeconds(50), 5)), explain("bad").standing().usual());
  }
}
