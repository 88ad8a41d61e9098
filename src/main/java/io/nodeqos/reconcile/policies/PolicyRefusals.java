// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.WriteResult;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last refusal of a write to each policy, so that it is reported once. The uid distinguishes
 * policies of the same name. Thread-safe.
 */
final class PolicyRefusals {
  private final Map<String, Refused> byName = new ConcurrentHashMap<>();

  private record Refused(String uid, WriteResult.Rejected why) {}

  /** Records a refused write. Returns true when the refusal is new. */
  boolean isNews(PolicyObject.Meta policy, WriteResult.Rejected why) {
    Refused before = byName.put(policy.name(), new Refused(policy.uid(), why));
    return before == null || !before.uid().equals(policy.uid()) || !why.isLike(before.why());
  }

  /** A write succeeded, or the policy is gone: there is no refusal any more. */
  void forget(String name) {
    byName.remove(name);
  }
}
