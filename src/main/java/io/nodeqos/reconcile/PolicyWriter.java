// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

/** Writes the status of NodeQoSPolicies. Thread-safe; calls block. */
public interface PolicyWriter {
  /**
   * Replaces the status subresource by a merge patch.
   *
   * @param resourceVersion of the policy that the status was computed from
   * @param statusJson the value of {@code status}, a JSON object
   */
  WriteResult patchStatus(String name, String resourceVersion, String statusJson);
}
