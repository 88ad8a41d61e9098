// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

/**
 * A pod of the controller.
 *
 * @param token of its ServiceAccount, bound to the pod
 */
public record Replica(String name, String uid, String token) {
  /** Its identity in the Lease. */
  public String holder() {
    return name + "_" + uid;
  }
}
