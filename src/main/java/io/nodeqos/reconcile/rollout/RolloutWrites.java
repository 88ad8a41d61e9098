// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import com.google.gson.JsonObject;
import io.nodeqos.election.Fence;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.policies.PolicyWriter;
import io.nodeqos.reconcile.policies.PolicyWrites;
import java.util.Optional;

/** Writes {@code status.rollout}, and nothing else of a policy's status. */
public final class RolloutWrites {
  private final PolicyWriter writer;
  private final PolicyWrites writes;
  private final Fence fence;

  /**
   * @param writes shared with the writer of the rest of the status: both know the newest version
   */
  public RolloutWrites(PolicyWriter writer, PolicyWrites writes, Fence fence) {
    this.writer = writer;
    this.writes = writes;
    this.fence = fence;
  }

  /** The newest known version: the cache may not hold our last write yet. */
  PolicyObject newest(PolicyObject cached) {
    return writes.newest(cached);
  }

  /** The written record. */
  Optional<RolloutState> written(PolicyObject newest) {
    return RolloutJson.in(newest.status());
  }

  WriteResult write(PolicyObject newest, RolloutState state) {
    JsonObject patch = new JsonObject();
    patch.add(RolloutJson.FIELD, RolloutJson.patch(state));
    WriteResult result =
        writer.patchStatus(newest.name(), newest.meta().resourceVersion(), patch.toString());
    if (result instanceof WriteResult.Ok ok) {
      JsonObject status = newest.status().deepCopy();
      status.add(RolloutJson.FIELD, RolloutJson.json(state));
      writes.partWritten(newest.withStatus(ok.resourceVersion(), status), fence.epoch());
    }
    return result;
  }
}
