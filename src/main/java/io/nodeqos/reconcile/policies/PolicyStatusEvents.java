// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import com.google.gson.JsonObject;
import io.nodeqos.events.QosEvent;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.brake.Brake.Episode;
import io.nodeqos.reconcile.brake.BrakeStatus;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports changes between two statuses of a policy: a log line, an event. */
final class PolicyStatusEvents {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyStatusEvents.class);

  private final EventPublisher events;

  PolicyStatusEvents(EventPublisher events) {
    this.events = events;
  }

  /**
   * A status was written.
   *
   * @param previous the status that was reported last
   */
  void written(
      PolicyCatalog.Entry entry, JsonObject previous, JsonObject now, Optional<Episode> episode) {
    PolicyObject policy = entry.latest();
    boolean isNewGeneration = !PolicyStatus.isAbout(previous, policy);
    if (!entry.problems().isEmpty() && isNewGeneration) {
      LOG.warn("Policy invalid: {}", String.join("; ", entry.problems()));
    }
    Conditions before = Conditions.in(previous);
    Conditions after = Conditions.in(now);
    validity(policy.meta(), before, after, isNewGeneration);
    suspension(policy.meta(), before, after);
    images(policy.meta(), before, after);
    episode
        .filter(e -> BrakeStatus.isNews(previous, e))
        .ifPresent(
            e -> {
              LOG.warn("Brake holds: {}", BrakeStatus.message(e));
              events.policy(QosEvent.Type.BRAKED, policy.meta(), BrakeStatus.message(e));
            });
  }

  /** A further valid generation is not reported; an invalid one has its own mistakes. */
  private void validity(
      PolicyObject.Meta policy, Conditions before, Conditions after, boolean isNewGeneration) {
    String type = PolicyConditions.VALID;
    if (after.isTrue(type) && (!before.isTrue(type) || comesInForce(before, after))) {
      events.policy(QosEvent.Type.POLICY_VALID, policy, after.message(type));
    } else if (after.isFalse(type) && (!before.isFalse(type) || isNewGeneration)) {
      events.policy(QosEvent.Type.POLICY_INVALID, policy, after.message(type));
    }
  }

  /** A dry run was valid, too, but not in force. */
  private static boolean comesInForce(Conditions before, Conditions after) {
    String type = DryRunStatus.DRY_RUN;
    return before.isTrue(type) && !after.isTrue(type);
  }

  private void suspension(PolicyObject.Meta policy, Conditions before, Conditions after) {
    String type = PolicyConditions.SUSPENDED;
    if (after.isTrue(type) && !before.isTrue(type)) {
      LOG.info("Policy suspended: {}", after.message(type));
      events.policy(QosEvent.Type.POLICY_SUSPENDED, policy, after.message(type));
    } else if (before.isTrue(type) && !after.isTrue(type)) {
      LOG.info("Policy no longer suspended");
      events.policy(
          QosEvent.Type.POLICY_RESUMED,
          policy,
          "The policy is no longer suspended. Its nodes may change again.");
    }
  }

  /** A problem that concerns all nodes has its own event when it is found. */
  private void images(PolicyObject.Meta policy, Conditions before, Conditions after) {
    String type = PolicyConditions.IMAGES_PULLED;
    String reason = PolicyConditions.PULL_FAILED;
    if (after.hasReason(type, reason) && !before.hasReason(type, reason)) {
      LOG.warn("{}", after.message(type));
      events.policy(QosEvent.Type.IMAGE_PULL_FAILED, policy, after.message(type));
    }
  }
}
