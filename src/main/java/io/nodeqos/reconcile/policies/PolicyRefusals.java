// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.WriteResult;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last refusal of a write to each policy, so that it is reported once. The uid tells apart
 * policies of the same name. Thread-safe.
 */
final class PolicyRefusals {
  private final Map<String, Refused> byName = new ConcurrentHashMap<>();

  private record Refused(String uid, WriteResult.Rejected why) {}

  /** A write was refused. Returns true when that is news. */
  boolean isNews(PolicyObject.Meta policy, WriteResult.Rejected why) {
    Refused before = byName.put(policy.name(), new Refused(policy.uid(), why));
    return before == null || !before.uid().equals(policy.uid()) || !why.isLike(before.why());
  }

  /** A write succeeded, or the policy is gone: nothing is refused any more. */
  void forget(String name) {
    byName.remove(name);
  }
}
