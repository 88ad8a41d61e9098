// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.kube.events.EventRecorder;
import io.nodeqos.kube.write.FencedWrites;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.reconcile.routing.Resync;
import io.nodeqos.telemetry.logging.Logging;
import java.util.Optional;

/**
 * Applies changed settings where a component cannot read them from {@link LiveSettings} itself, and
 * reconciles all nodes and policies with them.
 */
final class SettingsFollowers {
  private final FencedWrites writes;
  private final Optional<EventRecorder> recorder;
  private final Resync resync;
  private final PolicyCatalog policies;
  private final KeyedQueue policyQueue;

  SettingsFollowers(
      FencedWrites writes,
      Optional<EventRecorder> recorder,
      Resync resync,
      PolicyCatalog policies,
      KeyedQueue policyQueue) {
    this.writes = writes;
    this.recorder = recorder;
    this.resync = resync;
    this.policies = policies;
    this.policyQueue = policyQueue;
  }

  /** Each is a listener of its own: if one fails, the others get the change. */
  void follow(LiveSettings settings) {
    settings.listen(now -> Logging.level(now.telemetry().log().level()));
    settings.listen(now -> writes.limits(now.kube().writeRate()));
    settings.listen(now -> recorder.ifPresent(r -> r.limits(now.events())));
    settings.listen(now -> resync.within(now.reconcile().resyncPeriod()));
    settings.listen(now -> resync.now());
    // The brake may hold no more nodes, and the status of a policy reports that.
    settings.listen(now -> policies.names().forEach(policyQueue::add));
  }
}
