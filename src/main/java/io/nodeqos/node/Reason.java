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
  /** A gate waits for a pod that the startup taint keeps off: time alone will not open it. */
  GATE_DEADLOCK("GateDeadlock"),
  /** The node reports no CPU or no memory above zero. */
  NO_CAPACITY("NoCapacity"),
  /** The configuration of the policies is not possible on the node. */
  NOT_CONFIGURED("NotConfigured"),
  STABILIZING("Stabilizing"),
  /** The API server refuses the update of the node. */
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
