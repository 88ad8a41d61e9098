// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.spec;

import java.util.stream.Stream;

/** The kinds of gates. */
public enum GateKind {
  NODE_READY("nodeReady", "nodeReady", true),
  CONDITION("condition", "conditions", true),
  RESERVED_PODS("reservedPods", "reservedPods", true),
  RESOURCE("resource", "resources", true),
  CSI_DRIVER("csiDriver", "csiDrivers", true),
  /** An image that is not listed is no evidence: a Node lists 50 images at most. */
  IMAGES("images", "images", false),
  CONFIG_APPLIED("configApplied", "configApplied", true);

  private final String code;
  private final String field;
  private final boolean closesAgain;

  GateKind(String code, String field, boolean closesAgain) {
    this.code = code;
    this.field = field;
    this.closesAgain = closesAgain;
  }

  /**
   * @throws java.util.NoSuchElementException when no kind has this code
   */
  public static GateKind ofCode(String code) {
    return Stream.of(values()).filter(kind -> kind.code.equals(code)).findFirst().orElseThrow();
  }

  /** Its name in traces and views, and the first word of a gate's name in conditions. */
  public String code() {
    return code;
  }

  /** Its name in {@code spec.warmUp}: the field has one such gate, or a list of them. */
  public String field() {
    return field;
  }

  /**
   * True when a waiting gate is evidence against a warm node: in mode Continuous the node then
   * loses its mark. A gate of any kind without an answer is unknown.
   */
  public boolean closesAgain() {
    return closesAgain;
  }
}
