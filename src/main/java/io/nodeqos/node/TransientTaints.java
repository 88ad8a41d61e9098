// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import io.nodeqos.node.value.Taint;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Taints that their own controllers remove, so that the pods which they keep off are still
 * expected: the taints that Kubernetes 1.37 sets and removes, and the startup taints of other
 * controllers.
 *
 * @param more keys besides the known ones: whole keys, prefixes that end with a slash, and names
 *     with any prefix, which start with an asterisk and a slash
 */
public record TransientTaints(List<String> more) {
  /** The taints of Kubernetes and of known controllers. */
  public static final TransientTaints KNOWN = new TransientTaints(List.of());

  private static final String NO_SCHEDULE = "NoSchedule";
  private static final Set<String> NO_SCHEDULE_ONLY = Set.of(NO_SCHEDULE);
  private static final Set<String> NO_SCHEDULE_AND_NO_EXECUTE = Set.of(NO_SCHEDULE, "NoExecute");

  /**
   * By key, the effects with which the node lifecycle controller, the cloud's node controllers and
   * kubelets set them. The same key with another effect was set by an operator and stays, as does
   * every other key under {@code node.kubernetes.io/}. The pods of DaemonSets tolerate most of them
   * anyway ({@code AddOrUpdateDaemonPodTolerations} in pkg/controller/daemon/util).
   */
  private static final Map<String, Set<String>> KUBERNETES_TAINTS =
      Map.of(
          "node.kubernetes.io/not-ready", NO_SCHEDULE_AND_NO_EXECUTE,
          "node.kubernetes.io/unreachable", NO_SCHEDULE_AND_NO_EXECUTE,
          "node.kubernetes.io/memory-pressure", NO_SCHEDULE_ONLY,
          "node.kubernetes.io/disk-pressure", NO_SCHEDULE_ONLY,
          "node.kubernetes.io/pid-pressure", NO_SCHEDULE_ONLY,
          "node.kubernetes.io/network-unavailable", NO_SCHEDULE_ONLY,
          "node.kubernetes.io/unschedulable", NO_SCHEDULE_ONLY,
          "node.cloudprovider.kubernetes.io/uninitialized", NO_SCHEDULE_AND_NO_EXECUTE,
          "node.cloudprovider.kubernetes.io/shutdown", NO_SCHEDULE_ONLY);

  /** Startup taints of other controllers, in the form of the parameter {@link #more}. */
  private static final List<String> STARTUP_TAINTS =
      List.of(
          "ignore-taint.cluster-autoscaler.kubernetes.io/",
          "status-taint.cluster-autoscaler.kubernetes.io/",
          "nidhogg.uswitch.com/",
          "karpenter.sh/unregistered",
          "node.cluster.x-k8s.io/uninitialized",
          "skyhook.nvidia.com",
          "nodewright.nvidia.com",
          "odigos.io/needs-init",
          "aci-containers-host/unavailable");

  /**
   * The name that most agents use: {@code cni.istio.io/not-ready}, {@code
   * node.cilium.io/agent-not-ready}, {@code node.gardener.cloud/critical-components-not-ready}.
   */
  private static final String NOT_READY = "not-ready";

  private static final String KUBERNETES_PREFIX = "node.kubernetes.io/";

  public TransientTaints {
    more = List.copyOf(more);
  }

  /** True when its own controller is expected to remove the taint. */
  public boolean includes(Taint taint) {
    String key = taint.key();
    Set<String> effects = KUBERNETES_TAINTS.get(key);
    return effects != null && effects.contains(taint.effect())
        || !key.startsWith(KUBERNETES_PREFIX) && isNotReady(key)
        || StartupTaintPrefixes.DEFAULT.allow(key)
        || STARTUP_TAINTS.stream().anyMatch(pattern -> matches(pattern, key))
        || more.stream().anyMatch(pattern -> matches(pattern, key));
  }

  private static boolean isNotReady(String key) {
    int slash = key.indexOf('/');
    String name = key.substring(slash + 1);
    return slash > 0 && (name.equals(NOT_READY) || name.endsWith("-" + NOT_READY));
  }

  private static boolean matches(String pattern, String key) {
    if (pattern.startsWith("*")) {
      return key.endsWith(pattern.substring(1));
    }
    return pattern.endsWith("/") ? key.startsWith(pattern) : key.equals(pattern);
  }
}
