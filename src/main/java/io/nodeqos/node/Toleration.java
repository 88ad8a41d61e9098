// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

/**
 * A toleration of a pod.
 *
 * @param key empty matches every key, with operator Exists
 * @param exists true for operator Exists, false for Equal
 * @param effect empty matches every effect
 */
public record Toleration(String key, boolean exists, String value, String effect) {
  /** The rule of {@code k8s.io/api/core/v1.Toleration.ToleratesTaint}. */
  public boolean tolerates(Taint taint) {
    if (!effect.isEmpty() && !effect.equals(taint.effect())) {
      return false;
    }
    if (!key.isEmpty() && !key.equals(taint.key())) {
      return false;
    }
    return exists || (!key.isEmpty() && value.equals(taint.value()));
  }
}
