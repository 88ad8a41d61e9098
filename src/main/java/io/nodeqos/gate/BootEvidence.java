// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.NodeBoot;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.ReservedState;
import io.nodeqos.node.SpinnerPod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which evidence belongs to the present boot of a node, and which may belong to an earlier
 * boot: the rule of all gates.
 *
 * <p>After a reboot the API server still holds the status from before it. The first status of a
 * kubelet has the new bootID and Ready=True together (Kubernetes 1.37, {@code
 * pkg/kubelet/nodestatus/setters.go}: MachineInfo and ReadyCondition are of one update; when Ready
 * stays True its lastTransitionTime stays as well). The pods are set to not Ready a moment later,
 * as the kubelet first looks at each of them. The same holds for a node that was created again
 * under its name while pods of the earlier node are still bound to it.
 *
 * <p>Therefore evidence counts when it is not older than the earliest status that this process has
 * seen of this boot ({@link NodeBoot#reportedAt}). Only times of the kubelet are compared, as its
 * clock and that of the API server may differ; the kubelet writes whole seconds, and no reboot
 * takes less than one.
 *
 * <ul>
 *   <li>A pod (of a reserved namespace, or a spinner pod): the time when it became Ready, or when
 *       the first of its running containers started, whichever is later. Either is enough: a pod
 *       that was set to not Ready and back between two updates has only new starts ({@code
 *       pkg/kubelet/status/status_manager.go}, updateLastTransitionTime: the time stays while the
 *       status does), and no container outlives a reboot.
 *   <li>A condition of the node: its lastTransitionTime. Conditions that the kubelet itself writes
 *       come with the bootID and always count; so do the node's images and allocatable resources.
 *   <li>A CSINode keeps its drivers over a reboot and has no time: it counts always. A policy that
 *       needs certainty waits for the pod of the driver, with {@code reservedPods}.
 * </ul>
 *
 * <p>Evidence of any age counts
 *
 * <ul>
 *   <li>when no earlier boot is known, unless the pod is older than the Node (both times are of the
 *       API server);
 *   <li>on a node that has been warm in this boot;
 *   <li>{@link #SETTLE_PERIOD} after the boot was first seen. By then the kubelet has reported all
 *       of its pods, or the node lifecycle controller has set them to not Ready (its grace period
 *       is 50 s). So no node waits for ever for a pod that became Ready before the first status: a
 *       static pod that ran before the API server could be reached, a pod that ran on while its
 *       Node was created again, a boot that no replica watched.
 * </ul>
 *
 * @param now by the clock of {@link NodeBoot#seenAt}
 */
public record BootEvidence(NodeView node, NodeBoot boot, Instant now) {
  /** After this time the status on the API server belongs to the present boot. */
  public static final Duration SETTLE_PERIOD = Duration.ofSeconds(60);

  private static final Set<String> KUBELET_CONDITIONS =
      Set.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

  /** True when the status of the pod belongs to this boot. */
  boolean counts(PodView pod) {
    return counts(pod.meta().createdAt(), later(pod.state().readySince(), pod.state().startedAt()));
  }

  boolean counts(SpinnerPod pod) {
    return counts(pod.meta().createdAt(), later(pod.state().readySince(), pod.state().startedAt()));
  }

  boolean counts(NodeCondition condition) {
    return KUBELET_CONDITIONS.contains(condition.type())
        || counts(node.meta().createdAt(), condition.lastTransitionTime());
  }

  /** When evidence that does not count yet will count; empty when all of it counts. */
  public Optional<Instant> settlesAt(ReservedState reserved) {
    boolean allCounts =
        reserved.pods().stream().allMatch(this::counts)
            && reserved.pulls().pods().stream().allMatch(this::counts)
            && node.status().conditions().values().stream().allMatch(this::counts);
    return allCounts ? Optional.empty() : Optional.of(boot.seenAt().plus(SETTLE_PERIOD));
  }

  private boolean counts(Instant createdAt, Instant at) {
    boolean mayBeFormer = boot.succeeds() || createdAt.isBefore(node.meta().createdAt());
    boolean isOfThisBoot =
        !boot.reportedAt().equals(Instant.EPOCH) && !at.isBefore(boot.reportedAt());
    return !mayBeFormer
        || isOfThisBoot
        || NodeBoot.wasWarm(node)
        || !now.isBefore(boot.seenAt().plus(SETTLE_PERIOD));
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
