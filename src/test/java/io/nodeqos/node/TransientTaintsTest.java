// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.value.Taint;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransientTaintsTest {
  @ParameterizedTest
  @CsvSource({
    "node.kubernetes.io/not-ready, NoSchedule, true",
    "node.kubernetes.io/not-ready, NoExecute, true",
    "node.kubernetes.io/unreachable, NoSchedule, true",
    "node.kubernetes.io/unreachable, NoExecute, true",
    "node.kubernetes.io/memory-pressure, NoSchedule, true",
    "node.kubernetes.io/disk-pressure, NoSchedule, true",
    "node.kubernetes.io/pid-pressure, NoSchedule, true",
    "node.kubernetes.io/network-unavailable, NoSchedule, true",
    "node.kubernetes.io/unschedulable, NoSchedule, true",
    "node.cloudprovider.kubernetes.io/uninitialized, NoSchedule, true",
    "node.cloudprovider.kubernetes.io/uninitialized, NoExecute, true",
    "node.cloudprovider.kubernetes.io/shutdown, NoSchedule, true",
    "node.kubernetes.io/memory-pressure, NoExecute, false",
    "node.kubernetes.io/unschedulable, NoExecute, false",
    "node.kubernetes.io/purpose, NoSchedule, false",
    "node.kubernetes.io/out-of-service, NoExecute, false",
    "node.kubernetes.io/exclude-disruption, NoSchedule, false",
    "node.kubernetes.io/gpu-not-ready, NoSchedule, false",
    "node.kubernetes.io/unreachable-for-tenants, NoSchedule, false",
    "node-role.kubernetes.io/control-plane, NoSchedule, false",
  })
  void taintsOfKubernetesPassWhenKubernetesRemovesThem(String key, String effect, boolean passes) {
    assertEquals(passes, TransientTaints.KNOWN.includes(Taint.of(key, effect)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nodeqos.io/of-another-policy",
        "startup-taint.cluster-autoscaler.kubernetes.io/storage",
        "ignore-taint.cluster-autoscaler.kubernetes.io/storage",
        "status-taint.cluster-autoscaler.kubernetes.io/storage",
        "readiness.k8s.io/network",
        "readiness.k8s.io/NetworkReady",
        "cni.istio.io/not-ready",
        "node.cilium.io/agent-not-ready",
        "ebs.csi.aws.com/agent-not-ready",
        "efs.csi.aws.com/agent-not-ready",
        "node.gardener.cloud/critical-components-not-ready",
        "agent.datadoghq.com/not-ready",
        "nidhogg.uswitch.com/kube-system.kiam",
        "skyhook.nvidia.com",
        "nodewright.nvidia.com",
        "odigos.io/needs-init",
        "karpenter.sh/unregistered",
        "node.cluster.x-k8s.io/uninitialized",
      })
  void startupTaintsOfKnownControllersPass(String key) {
    for (String effect : List.of("NoSchedule", "NoExecute")) {
      assertTrue(TransientTaints.KNOWN.includes(Taint.of(key, effect)), effect);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dedicated",
        "not-ready",
        "nvidia.com/gpu",
        "skyhook.nvidia.com.example.com/x",
        "karpenter.sh/disrupted",
        "example.com/not-readyish",
        "example.com/ready",
        "example.com/agent",
      })
  void otherTaintsAreRespected(String key) {
    assertFalse(TransientTaints.KNOWN.includes(Taint.of(key, "NoSchedule")));
  }

  @Test
  void keysPrefixesAndNamesCanBeAdded() {
    TransientTaints more =
        new TransientTaints(List.of("example.com/agent", "acme.io/", "*/booting"));
    for (String key : List.of("example.com/agent", "acme.io/x", "any.org/booting")) {
      assertTrue(more.includes(Taint.of(key, "NoSchedule")), key);
    }
    for (String key : List.of("example.com/agent-2", "acme.io.org/x", "any.org/rebooting")) {
      assertFalse(more.includes(Taint.of(key, "NoSchedule")), key);
    }
    assertTrue(more.includes(Taint.of("cni.istio.io/not-ready", "NoSchedule")), "the known, too");
  }
}
