// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.fleet.PolicyCounts;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often a policy was looked at while some of its nodes had not been decided with it as it is.
 * The uid tells apart policies of the same name. Thread-safe.
 */
final class PolicyLooks {
  private static final int MAX_LOOKS = 40;

  private final Map<String, Looks> byName = new ConcurrentHashMap<>();

  private record Looks(String uid, long generation, int count) {}

  /**
   * True while nodes have not been looked at with the policy as it is: they will be in a moment,
   * and a status before that would tell of no node that it is done. Not for ever: a node that
   * cannot be decided must not keep the rest from being told.
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
