// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The writes of a kubelet, with its own times. */
public final class Kubelet {
  private Kubelet() {}

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  /** A condition of a Node that turns. */
  public static String condition(String type, boolean holds) {
    return """
        {"type": "%1$s", "status": "%2$s", "reason": "Kubelet", "lastHeartbeatTime": "%3$s",
         "lastTransitionTime": "%3$s"}"""
        .formatted(type, holds ? "True" : "False", now());
  }

  /** A condition of a Node that stays as it is. */
  public static String heartbeat(String type) {
    return """
        {"type": "%s", "lastHeartbeatTime": "%s"}"""
        .formatted(type, now());
  }

  /** The status of a pod whose container {@code c} starts now, or waits. */
  public static String pod(boolean ready) {
    return """
        {"phase": "Running",
         "conditions": [{"type": "Ready", "status": "%1$s", "lastTransitionTime": "%2$s"}],
         "containerStatuses": [{"name": "c", "image": "i", "imageID": "", "ready": %3$s, "restartCount": 0,
           "state": %4$s}]}"""
        .formatted(
            ready ? "True" : "False",
            now(),
            ready,
            ready
                ? "{\"running\": {\"startedAt\": \"" + now() + "\"}}"
                : "{\"waiting\": {\"reason\": \"ContainerCreating\"}}");
  }
}
