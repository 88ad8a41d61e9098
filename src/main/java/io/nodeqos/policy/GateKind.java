// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

/** The kinds of gates. */
public enum GateKind {
  NODE_READY("nodeReady", true),
  CONDITION("condition", true),
  RESERVED_PODS("reservedPods", true),
  RESOURCE("resource", true),
  CSI_DRIVER("csiDriver", true),
  /** An image that is not listed is no evidence: a Node lists 50 images at most. */
  IMAGES("images", false),
  CONFIG_APPLIED("configApplied", true);

  private final String code;
  private final boolean closesAgain;

  GateKind(String code, boolean closesAgain) {
    this.code = code;
    this.closesAgain = closesAgain;
  }

  /** Its name in traces and views, and the first word of a gate's name in conditions. */
  public String code() {
    return code;
  }

  /**
   * True when a waiting gate is evidence against a warm node: in mode Continuous the node then
   * loses its mark. A gate of any kind without an answer is unknown.
   */
  public boolean closesAgain() {
    return closesAgain;
  }
}
