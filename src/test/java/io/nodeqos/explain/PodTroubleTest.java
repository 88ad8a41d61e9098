// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.fixture.PolicyFixture;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PodTroubleTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:58Z");

  private static PodTrouble of(String status) {
    return PodTrouble.of(
        PolicyFixture.json(
            "{'metadata': {'namespace': 'kube-system', 'name': 'cni-x'}, 'status': "
                + status
                + "}"));
  }

  @Test
  void crashLoopIsNamedByItsLastEndAndQuotedByItsLastLine() {
    PodTrouble trouble =
        of(
            """
            {'containerStatuses': [{'name': 'cni', 'ready': false, 'restartCount': 1,
              'state': {'waiting': {'reason': 'CrashLoopBackOff', 'message': 'back-off 5m0s'}},
              'lastState': {'terminated': {'exitCode': 137, 'reason': 'OOMKilled',
                'finishedAt': '2026-11-29T12:00:00Z', 'message': 'one\\ntwo\\n'}}}]}
            """);

    assertEquals(
        "CrashLoopBackOff, 1 restart, last exit code 137 (OOMKilled) 58s ago", trouble.words(NOW));
    assertEquals("two", trouble.quote());
    assertEquals("kubectl -n kube-system logs cni-x -c cni --previous", trouble.advice().command());
  }

  @Test
  void imageThatCannotBePulled() {
    PodTrouble trouble =
        of(
            """
            {'containerStatuses': [
              {'name': 'a', 'ready': false, 'state': {'waiting': {'reason': 'ContainerCreating'}}},
              {'name': 'b', 'ready': false, 'restartCount': 0, 'state': {'waiting':
                {'reason': 'ImagePullBackOff', 'message': 'pull of b:1: not found'}}}]}
            """);

    assertEquals("ImagePullBackOff", trouble.words(NOW), "it comes before one that only starts");
    assertEquals("pull of b:1: not found", trouble.quote());
    assertEquals("kubectl -n kube-system describe pod cni-x", trouble.advice().command());
  }

  @Test
  void podThatIsNotScheduled() {
    PodTrouble trouble =
        of(
            """
            {'phase': 'Pending', 'conditions': [{'type': 'PodScheduled', 'status': 'False',
              'reason': 'Unschedulable', 'message': '0/3 nodes are available: Insufficient cpu.'}]}
            """);

    assertEquals("Unschedulable", trouble.words(NOW));
    assertEquals("0/3 nodes are available: Insufficient cpu.", trouble.quote());
  }

  @Test
  void runningContainerFailsItsProbe() {
    PodTrouble trouble =
        of("{'containerStatuses': [{'name': 'cni', 'ready': false, 'state': {'running': {}}}]}");

    assertEquals("NotReady", trouble.reason());
    assertEquals("kubectl -n kube-system logs cni-x -c cni", trouble.advice().command());
  }

  @Test
  void initContainerThatHasEndedIsNoTrouble() {
    PodTrouble trouble =
        of(
            """
            {'initContainerStatuses': [{'name': 'setup', 'ready': false,
               'state': {'terminated': {'exitCode': 0, 'reason': 'Completed'}}}],
             'containerStatuses': [{'name': 'cni', 'ready': false,
               'state': {'waiting': {'reason': 'CreateContainerConfigError',
                 'message': 'secret not found'}}}]}
            """);

    assertEquals("cni", trouble.container());
    assertEquals("CreateContainerConfigError", trouble.words(NOW));
  }

  @Test
  void evictedPodAndUnknownForm() {
    assertEquals(
        "Evicted", of("{'phase': 'Failed', 'reason': 'Evicted', 'message': 'disk'}").words(NOW));
    assertEquals("", of("{'containerStatuses': 'x', 'conditions': [1]}").words(NOW));
  }
}
