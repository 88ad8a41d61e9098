// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.fleet.PolicyCounts;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often a policy was reconciled while some of its nodes were not decided with its present
 * version. The uid distinguishes policies of the same name. Thread-safe.
 */
final class PolicyLooks {
  private static final int MAX_LOOKS = 40;

  private final Map<String, Looks> byName = new ConcurrentHashMap<>();

  private record Looks(String uid, long generation, int count) {}

  /**
   * True while nodes are not decided with the present version of the policy: they will be in a
   * moment, and a status before that would report no node as done. It is limited: a node that
   * cannot be decided must not block the status of the others.
   */
  boolean mustLookAgain(PolicyObject.Meta policy, PolicyCounts counts) {
    if (counts.nodes().unseen() == 0) {
      byName.remove(policy.name());
      return false;
    }
    Looks now =
        byName.compute(
            policy.name(),
            (name, before) ->
                new Looks(policy.uid(), policy.generation(), 1 + count(before, policy)));
    return now.count() <= MAX_LOOKS;
  }

  private static int count(Looks before, PolicyObject.Meta policy) {
    return before != null
            && before.uid().equals(policy.uid())
            && before.generation() == policy.generation()
        ? Math.min(before.count(), MAX_LOOKS)
        : 0;
  }

  void forget(String name) {
    byName.remove(name);
  }
}
