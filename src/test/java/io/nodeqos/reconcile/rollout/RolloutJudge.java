// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.reconcile.FakeNodeWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Judges each write of a rollout at the moment at which the API server carries it out: no node gets
 * a target revision beyond the number in the record, and none gets it twice in one rollout.
 */
final class RolloutJudge {
  private final String policy;
  private final Map<String, Integer> allowed = new HashMap<>();
  private final Set<String> free = new HashSet<>();
  private final Map<String, Integer> arrivals = new HashMap<>();
  private final List<String> log = new ArrayList<>();
  private Optional<RolloutState> record = Optional.empty();
  private int most;

  RolloutJudge(String policy) {
    this.policy = policy;
  }

  /** All nodes may get this revision at once. */
  void free(String revision) {
    free.add(revision);
  }

  void policyWritten(PolicyObject written) {
    record = RolloutJson.in(written.status());
    record.ifPresent(
        r -> {
          log.add(
              r.phase()
                  + " "
                  + r.revisions()
                  + " step "
                  + r.progress().step()
                  + " "
                  + r.counts()
                  + " "
                  + r.reason());
          if (!r.phase().isBack() && r.phase() != RolloutPhase.COMPLETE) {
            allowed.put(r.revisions().target(), r.counts().wanted());
          }
        });
  }

  /**
   * @param selected all nodes that the policy selects now
   */
  void nodeWritten(FakeNodeWriter.Write write, Collection<NodeView> selected) {
    String before = carried(write.before());
    String after = carried(write.after());
    if (before.equals(after)) {
      log.add(write.after().name() + (write.metadata() ? "" : ", status"));
      return;
    }
    log.add(write.after().name() + ": " + before + " -> " + after);
    String uid = write.after().meta().uid();
    if (selected.stream().noneMatch(n -> n.meta().uid().equals(uid))) {
      // The node has left the policy; whatever it gets when it comes back is not a second time.
      arrivals.keySet().removeIf(key -> key.startsWith(uid + " "));
      return;
    }
    boolean isTarget =
        !after.isEmpty()
            && record.filter(r -> !r.revisions().stable().equals(after)).isPresent()
            && !free.contains(after);
    if (!isTarget) {
      return;
    }
    int carrying = (int) selected.stream().filter(n -> carried(n).equals(after)).count();
    most = Math.max(most, carrying);
    assertTrue(
        carrying <= allowed.getOrDefault(after, 0),
        () -> carrying + " nodes have " + after + ", allowed are " + allowed + lately());
    String rollout = uid + " " + after + " " + record.get().progress().startedAt();
    assertTrue(
        arrivals.merge(rollout, 1, Integer::sum) == 1,
        () -> write.after().name() + " gets " + after + " twice" + lately());
  }

  /** The most nodes that had a target revision at a time. */
  int most() {
    return most;
  }

  String lately() {
    return "\n" + String.join("\n", log.subList(Math.max(0, log.size() - 60), log.size()));
  }

  /** The revision that the node says; empty for the stable one. */
  String carried(NodeView node) {
    return ConfigAnnotation.revisions(node.annotations().get(Keys.CONFIG)).getOrDefault(policy, "");
  }
}
