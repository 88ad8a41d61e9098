// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

/** Machine-readable reasons of the condition {@link Keys#WARMED_UP_CONDITION}. */
public enum Reason {
  WARMED_UP("WarmedUp"),
  NODE_NOT_READY("NodeNotReady"),
  CONDITION_NOT_MET("ConditionNotMet"),
  RESERVED_PODS_NOT_READY("ReservedPodsNotReady"),
  NAMESPACE_NOT_RESERVED("NamespaceNotReserved"),
  NAMESPACE_NOT_READABLE("NamespaceNotReadable"),
  /** A DaemonSet has a toleration with an operator that this version does not know. */
  UNKNOWN_TOLERATION("UnknownToleration"),
  RESOURCES_MISSING("ResourcesMissing"),
  CSI_DRIVERS_MISSING("CSIDriversMissing"),
  IMAGES_MISSING("ImagesMissing"),
  IMAGE_WARM_UP_UNSUPPORTED("ImageWarmUpUnsupported"),
  CONFIG_NOT_APPLIED("ConfigNotApplied"),
  /** A gate waits for what the startup taint keeps away: time alone will not open it. */
  GATE_DEADLOCK("GateDeadlock"),
  /** The node reports no CPU or no memory above zero. */
  NO_CAPACITY("NoCapacity"),
  /** What the policies want of the node cannot be made for it. */
  NOT_CONFIGURED("NotConfigured"),
  STABILIZING("Stabilizing"),
  /** The API server does not accept what the node should carry. */
  WRITE_REFUSED("WriteRefused");

  private final String code;

  Reason(String code) {
    this.code = code;
  }

  /** CamelCase, as the API conventions want the reason of a condition. */
  public String code() {
    return code;
  }
}
