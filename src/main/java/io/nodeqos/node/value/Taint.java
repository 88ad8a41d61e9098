// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.value;

/**
 * A taint of a Node.
 *
 * @param value empty when absent
 * @param json the element of {@code spec.taints} as the server sent it: the list is replaced whole
 *     by a merge patch, and fields that this version does not know must not be lost
 */
public record Taint(String key, String value, String effect, String json) {
  public boolean is(String otherKey, String otherEffect) {
    return key.equals(otherKey) && effect.equals(otherEffect);
  }

  /**
   * A taint of this controller, without a value. Both must be plain names: they are not escaped.
   */
  public static Taint of(String key, String effect) {
    return new Taint(key, "", effect, "{\"key\":\"" + key + "\",\"effect\":\"" + effect + "\"}");
  }
}
