// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import io.nodeqos.kube.client.ApiClients;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ResourcePath;
import io.nodeqos.kube.client.WriteLimiter;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.policies.PolicyWriter;
import io.nodeqos.time.Pauses;
import java.util.List;

/** Writes the status and the finalizers of NodeQoSPolicies. */
public final class PolicyStatusClient implements PolicyWriter {
  private final WriteCalls calls;

  /**
   * Writes through a client.
   *
   * @param writeClient of {@link ApiClients#write}
   */
  public PolicyStatusClient(ApiEndpoint writeClient, WriteLimiter limiter) {
    this.calls = new WriteCalls(writeClient, limiter, Pauses.system());
  }

  /** A key of the status that {@code statusJson} does not name stays as it is. */
  @Override
  public WriteResult patchStatus(String name, String resourceVersion, String statusJson) {
    return calls.patch(
        ResourcePath.POLICIES + "/" + name + "/status",
        NodePatcher.MERGE_PATCH,
        PatchBodies.wholeStatus(resourceVersion, statusJson));
  }

  @Override
  public WriteResult patchFinalizers(String name, String resourceVersion, List<String> finalizers) {
    return calls.patch(
        ResourcePath.POLICIES + "/" + name,
        NodePatcher.MERGE_PATCH,
        PatchBodies.finalizers(resourceVersion, finalizers));
  }
}
