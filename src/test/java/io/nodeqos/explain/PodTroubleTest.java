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
    assertEquals("two", trouble.quote(NOW));
    assertEquals(
        "kubectl -n kube-system logs cni-x -c cni --previous", trouble.advice(NOW).command());
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
    assertEquals("pull of b:1: not found", trouble.quote(NOW));
    assertEquals("kubectl -n kube-system describe pod cni-x", trouble.advice(NOW).command());
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
    assertEquals("0/3 nodes are available: Insufficient cpu.", trouble.quote(NOW));
  }

  @Test
  void runningContainerFailsItsProbe() {
    PodTrouble trouble =
        of("{'containerStatuses': [{'name': 'cni', 'ready': false, 'state': {'running': {}}}]}");

    assertEquals("NotReady", trouble.reason());
    assertEquals("kubectl -n kube-system logs cni-x -c cni", trouble.advice(NOW).command());
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

  @Test
  void containerThatHasEndedOnceHasNoPreviousLog() {
    PodTrouble trouble =
        of(
            """
            {'containerStatuses': [{'name': 'cni', 'ready': false, 'restartCount': 0,
              'state': {'terminated': {'exitCode': 1, 'reason': 'Error',
                'finishedAt': '2026-11-29T12:00:50Z', 'message': 'no such device'}}}]}
            """);

    assertEquals("Error, last exit code 1 8s ago", trouble.words(NOW));
    assertEquals("no such device", trouble.quote(NOW));
    assertEquals("kubectl -n kube-system logs cni-x -c cni", trouble.advice(NOW).command());
  }

  @Test
  void endOfARunningContainerCountsOnlyWhileItIsRecent() {
    String status =
        """
        {'containerStatuses': [{'name': 'cni', 'ready': false, 'restartCount': 2,
          'state': {'running': {}}, 'lastState': {'terminated': {'exitCode': 1, 'reason': 'Error',
            'finishedAt': '%s', 'message': 'no such device'}}}]}
        """;

    PodTrouble crashing = of(status.formatted("2026-11-29T12:00:50Z"));
    PodTrouble unready = of(status.formatted("2026-11-01T12:00:00Z"));

    assertEquals("no such device", crashing.quote(NOW));
    assertEquals(
        "kubectl -n kube-system logs cni-x -c cni --previous", crashing.advice(NOW).command());
    assertEquals(
        "the container runs, but its readiness probe does not succeed", unready.quote(NOW));
    assertEquals("kubectl -n kube-system logs cni-x -c cni", unready.advice(NOW).command());
  }

  @Test
  void imageThatIsGoneAfterARestartIsNotExplainedByTheLastEnd() {
    PodTrouble trouble =
        of(
            """
            {'containerStatuses': [{'name': 'cni', 'ready': false, 'restartCount': 1,
              'state': {'waiting': {'reason': 'ImagePullBackOff', 'message': 'not found'}},
              'lastState': {'terminated': {'exitCode': 255, 'message': 'node shut down'}}}]}
            """);

    assertEquals("not found", trouble.quote(NOW));
    assertEquals("kubectl -n kube-system describe pod cni-x", trouble.advice(NOW).command());
  }

  @Test
  void startupProbeIsNoReadinessProbe() {
    PodTrouble trouble =
        of(
            """
            {'containerStatuses': [{'name': 'cni', 'ready': false, 'started': false,
              'state': {'running': {}}}]}
            """);

    assertEquals(
        "the container runs, but its startup probe has not succeeded yet", trouble.quote(NOW));
  }

  @Test
  void initContainerThatRunsHasNoProbe() {
    PodTrouble trouble =
        PodTrouble.of(
            PolicyFixture.json(
                """
                {'metadata': {'namespace': 'kube-system', 'name': 'cni-x'},
                 'spec': {'initContainers': [{'name': 'wait'}]},
                 'status': {
                   'initContainerStatuses': [
                     {'name': 'wait', 'ready': false, 'state': {'running': {}}}],
                   'containerStatuses': [{'name': 'cni', 'ready': false,
                     'state': {'waiting': {'reason': 'PodInitializing'}}}]}}
                """));

    assertEquals("Initializing", trouble.words(NOW));
    assertEquals("the init container wait still runs", trouble.quote(NOW));
    assertEquals("kubectl -n kube-system logs cni-x -c wait", trouble.advice(NOW).command());
  }

  @Test
  void readinessGateOfAPodWithReadyContainers() {
    PodTrouble trouble =
        of(
            """
            {'conditions': [{'type': 'Ready', 'status': 'False',
                'reason': 'ReadinessGatesNotReady', 'message': 'gate example.com/bgp is not met'}],
             'containerStatuses': [{'name': 'cni', 'ready': true, 'state': {'running': {}}}]}
            """);

    assertEquals("ReadinessGatesNotReady", trouble.words(NOW));
    assertEquals("gate example.com/bgp is not met", trouble.quote(NOW));
  }

  @Test
  void terminatingPodNamesItsFinalizers() {
    PodTrouble trouble =
        PodTrouble.of(
            PolicyFixture.json(
                """
                {'metadata': {'namespace': 'kube-system', 'name': 'cni-x',
                   'deletionTimestamp': '2026-11-29T12:00:00Z', 'finalizers': ['example.com/wait']},
                 'status': {'containerStatuses': [
                   {'name': 'cni', 'ready': false, 'state': {'running': {}}}]}}
                """));

    assertEquals("", trouble.words(NOW));
    assertEquals("its finalizers: example.com/wait", trouble.quote(NOW));
    assertEquals("kubectl -n kube-system describe pod cni-x", trouble.advice(NOW).command());
  }
}
