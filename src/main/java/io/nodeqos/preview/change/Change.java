// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.change;

/**
 * One difference on a node.
 *
 * @param key the label, the resource, the taint ({@code key:effect}), the image, or the path in the
 *     configuration such as {@code quota.classes[batch].memory.high}
 * @param before the value without the edit, as on the node; empty when there is none, or when it
 *     differs from node to node without meaning. In a group whose nodes differ, {@code
 *     smallest..largest}
 * @param after the value with the edit, in the same form
 */
public record Change(On on, Op op, String key, String before, String after) {
  /** Between the two values of a range. */
  public static final String RANGE = "..";

  /** The part of the node that differs, in the order of a report. */
  public enum On {
    LABEL,
    /** A value of the configuration annotation. */
    CONFIG,
    ALLOCATABLE,
    CAPACITY,
    /** An image without evidence that the node holds it. */
    IMAGE,
    TAINT,
    /** Our condition: its status and its reason. */
    CONDITION,
    ANNOTATION
  }

  /** The kind of difference. */
  public enum Op {
    ADD("+"),
    REMOVE("-"),
    REPLACE("~");

    private final String sign;

    Op(String sign) {
      this.sign = sign;
    }

    /** One character, for people. */
    public String sign() {
      return sign;
    }
  }

  /** A change between two values, of which an empty one is absent. */
  static Change of(On on, String key, String before, String after) {
    Op op = before.isEmpty() ? Op.ADD : after.isEmpty() ? Op.REMOVE : Op.REPLACE;
    return new Change(on, op, key, before, after);
  }

  /** The same without values. */
  Change shape() {
    return new Change(on, op, key, "", "");
  }
}
