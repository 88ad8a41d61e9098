// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.answer.Explanation.ObjectRef;
import io.nodeqos.explain.fleet.NodeFacts;
import io.nodeqos.gate.Blocker;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.ReservedState.NamespaceState;
import io.nodeqos.policy.spec.GateKind;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the trouble of the pods that a node waits for: only of the few that are waited for longest.
 */
public final class BlockingPods {
  private final PodStatuses statuses;
  private final int most;

  /**
   * @param most the most requests for one node
   */
  public BlockingPods(PodStatuses statuses, int most) {
    this.statuses = statuses;
    this.most = most;
  }

  /**
   * The pods that were read.
   *
   * @param pods as {@link Knowledge#pods}
   * @param missing sentences about pods that could not be read
   */
  public record Found(Map<String, PodTrouble> pods, List<String> missing) {
    public Found {
      pods = Map.copyOf(pods);
      missing = List.copyOf(missing);
    }
  }

  /**
   * @param known the trouble of pods that need not be read again
   */
  public Found of(NodeFacts facts, Map<String, PodTrouble> known) {
    Map<String, PodTrouble> pods = new HashMap<>(known);
    Set<String> missing = new LinkedHashSet<>();
    List<Blocker> unread =
        GateReading.of(facts).stream()
            .filter(gate -> !gate.isOpen() && gate.spec().kind() == GateKind.RESERVED_PODS)
            .flatMap(gate -> gate.check().result().blockers().stream())
            .filter(blocker -> !blocker.isDeadlock() && !pods.containsKey(blocker.object()))
            .sorted(Blocker.OLDEST_FIRST)
            .toList();
    if (most == 0 && !unread.isEmpty()) {
      missing.add("The pods that are not scheduled to the node yet were not read.");
    }
    unread.stream()
        .limit(most)
        .forEach(
            blocker -> {
              try {
                read(facts, blocker).ifPresent(trouble -> pods.put(blocker.object(), trouble));
              } catch (IOException e) {
                missing.add(
                    "The status of "
                        + blocker.object()
                        + " cannot be read: "
                        + e.getMessage()
                        + ".");
              }
            });
    return new Found(pods, List.copyOf(missing));
  }

  private Optional<PodTrouble> read(NodeFacts facts, Blocker blocker) throws IOException {
    String node = facts.node().name();
    BlockedObject blocked =
        BlockedObject.of(GateKind.RESERVED_PODS, blocker.object(), node, facts.seen().reserved());
    ObjectRef object = blocked.object();
    if (blocked.isPod()) {
      return statuses.pod(object.namespace(), object.name());
    }
    if (!blocked.isDaemonSet()) {
      return Optional.empty();
    }
    NamespaceState state = facts.seen().reserved().namespaces().get(object.namespace());
    Optional<DaemonSetView> daemonSet =
        state.daemonSets().stream().filter(d -> d.name().equals(object.name())).findFirst();
    return daemonSet.isEmpty()
        ? Optional.empty()
        : statuses.unscheduled(object.namespace(), daemonSet.get().uid(), node);
  }
}
