// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.codec;

import io.nodeqos.kube.wire.Interning;
import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.node.NodeCondition;
import java.io.IOException;
import java.time.Instant;

/** One condition of a Node or a pod, while it is being read. */
final class ConditionDraft {
  private final TolerantReader in;
  private final Interning interning;

  String type = "";
  String status = "";
  String reason = "";
  Instant lastTransitionTime = Instant.EPOCH;
  Instant lastHeartbeatTime = Instant.EPOCH;
  private String message = "";

  ConditionDraft(TolerantReader in, Interning interning) {
    this.in = in;
    this.interning = interning;
  }

  void field(String field) throws IOException {
    switch (field) {
      case "type" -> type = interning.string(in.string());
      case "status" -> status = interning.string(in.string());
      case "reason" -> reason = interning.string(in.string());
      case "message" -> message = interning.string(in.string());
      case "lastTransitionTime" -> lastTransitionTime = interning.time(in.instant());
      case "lastHeartbeatTime" -> lastHeartbeatTime = in.instant();
      default -> in.skip();
    }
  }

  NodeCondition condition() {
    return new NodeCondition(type, status, reason, message, lastTransitionTime);
  }
}
