// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.explain.answer.Explanation;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.fixture.ReservedFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.PodView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PeersTest extends ExplainedCluster {
  @Test
  void othersThatWaitForTheSameAreNamedWithTheOneThingThatSeparatesThem() {
    policies.add(policy("base", "{'warmUp': {'nodeReady': {}}}"));
    for (int i = 1; i <= 3; i++) {
      nodes.add(
          tainted("bad-" + i)
              .uid("bad-" + i)
              .condition("Ready", "False")
              .label("topology.kubernetes.io/zone", "a")
              .label("eks.amazonaws.com/nodegroup-image", "ami-2")
              .build());
      nodes.add(
          warm("good-" + i)
              .label("topology.kubernetes.io/zone", i == 1 ? "a" : "b")
              .label("eks.amazonaws.com/nodegroup-image", "ami-1")
              .build());
    }

    Explanation.Peers peers = explain("bad-1").causes().get(0).peers();

    assertEquals(List.of("bad-2", "bad-3"), peers.nodes());
    assertEquals(
        "All 3 have machine image ami-2; none of the 3 warm nodes of the policy has it.",
        peers.inCommon());
  }

  @Test
  void allPropertiesThatSeparateTheNodesAreNamed() {
    policies.add(policy("base", "{'warmUp': {'nodeReady': {}}}"));
    for (int i = 1; i <= 3; i++) {
      nodes.add(
          tainted("bad-" + i)
              .condition("Ready", "False")
              .osImage("Ubuntu 24.04")
              .label("topology.kubernetes.io/zone", "a")
              .build());
      nodes.add(
          warm("good-" + i)
              .osImage("Ubuntu 22.04")
              .label("topology.kubernetes.io/zone", "b")
              .build());
    }

    Explanation.Peers peers = explain("bad-1").causes().get(0).peers();

    assertEquals(Map.of("zone", "a", "OS image", "Ubuntu 24.04"), peers.common());
    assertEquals(
        "All 3 have zone a and OS image Ubuntu 24.04; none of the 3 warm nodes of the policy has"
            + " any of them.",
        peers.inCommon());
  }

  @Test
  void nodesThatAnotherPolicyWarmsUpAreNotCompared() {
    policies.add(policy("base", "{'reservation': {'cpu': '1'}, 'warmUp': {'nodeReady': {}}}"));
    policies.add(
        policy(
            "other",
            """
            {'priority': 100, 'nodeSelector': {'matchLabels': {'pool': 'other'}},
             'warmUp': {'nodeReady': {}}}
            """));
    for (int i = 1; i <= 5; i++) {
      nodes.add(
          tainted("bad-" + i)
              .condition("Ready", "False")
              .label("topology.kubernetes.io/zone", "a")
              .build());
      nodes.add(
          warm("good-" + i)
              .label("topology.kubernetes.io/zone", "b")
              .label("pool", "other")
              .created(PolicyFixture.CREATED)
              .annotation(Keys.WARMED_UP_AT, PolicyFixture.CREATED.plusSeconds(10).toString())
              .build());
    }

    Explanation e = explain("bad-1");

    assertEquals(Map.of(), e.causes().get(0).peers().common(), "base warms none of them up");
    assertEquals(Optional.empty(), e.standing().usual());
  }

  @Test
  void propertyThatAWarmNodeHasAsWellSeparatesNothing() {
    policies.add(policy("base", "{'warmUp': {'nodeReady': {}}}"));
    for (int i = 1; i <= 3; i++) {
      nodes.add(
          tainted("bad-" + i)
              .condition("Ready", "False")
              .label("topology.kubernetes.io/zone", "a")
              .build());
      nodes.add(warm("good-" + i).label("topology.kubernetes.io/zone", i == 1 ? "a" : "b").build());
    }

    assertEquals("", explain("bad-1").causes().get(0).peers().inCommon());
  }

  @Test
  void nodeThatWaitsForAnOlderPodAtTheSameGateIsAPeerToo() {
    policies.add(
        policy(
            "base",
            "{'warmUp': {'reservedPods': [{'namespace': 'kube-system', 'selector': {}}]}}"));
    for (String app : List.of("cni", "csi")) {
      daemonSets.add(ReservedFixture.daemonSet(app, List.of(ReservedFixture.EVERYTHING)));
    }
    for (String node : List.of("node-1", "node-2")) {
      nodes.add(tainted(node).annotation(Keys.WARMING_UP_SINCE, "2026-02-28T23:00:00Z").build());
      for (String app : List.of("cni", "csi")) {
        boolean isOlder = app.equals("cni") == node.equals("node-1");
        pods.add(unready(app, node, isOlder ? "2026-02-28T23:01:00Z" : "2026-02-28T23:02:00Z"));
      }
    }

    List<Explanation.Cause> causes = explain("node-1").causes();

    assertEquals(
        List.of("DaemonSet kube-system/cni [node-2]", "DaemonSet kube-system/csi [node-2]"),
        causes.stream().map(c -> c.peers().object() + " " + c.peers().nodes()).toList());
  }

  private static PodView unready(String app, String node, String createdAt) {
    PodView pod = ReservedFixture.pod(app, false);
    return new PodView(
        new PodView.Meta(
            "kube-system", app + "-" + node, app + node, "1", Instant.parse(createdAt)),
        node,
        pod.ownerUid(),
        pod.labels(),
        pod.state(),
        pod.requests(),
        pod.tolerations(),
        pod.images());
  }
}
