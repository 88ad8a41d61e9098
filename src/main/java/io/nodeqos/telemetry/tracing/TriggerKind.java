// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.tracing;

import java.util.Locale;

/** The kind of the object whose event makes work. */
public enum TriggerKind {
  /** The trigger is not known. */
  NONE(""),
  NODE("Node"),
  POD("Pod"),
  CSI_NODE("CSINode"),
  POLICY("NodeQoSPolicy"),
  NAMESPACE("Namespace"),
  DAEMON_SET("DaemonSet"),
  /** This process has become the leader. */
  LEASE("Lease");

  private final String code;
  private final String span;

  TriggerKind(String code) {
    this.code = code;
    this.span = name().toLowerCase(Locale.ROOT).replace('_', ' ') + " event";
  }

  /** As the API server spells it; empty for {@link #NONE}. */
  public String code() {
    return code;
  }

  /** Name of the span of such an event. */
  String span() {
    return span;
  }
}
