// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import io.nodeqos.reconcile.WriteResult;
import java.util.List;

/** Writes the status and the finalizers of NodeQoSPolicies. Thread-safe; calls block. */
public interface PolicyWriter {
  /**
   * Changes the status subresource by a merge patch.
   *
   * @param resourceVersion of the policy that the status was computed from
   * @param statusJson the value of {@code status}, a JSON object
   */
  WriteResult patchStatus(String name, String resourceVersion, String statusJson);

  /**
   * Replaces the list of finalizers by a merge patch; the policy may be gone with its last one.
   *
   * @param resourceVersion of the policy whose list it was
   * @param finalizers all finalizers, including those of other controllers
   */
  WriteResult patchFinalizers(String name, String resourceVersion, List<String> finalizers);
}
