// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.rollout;

import com.google.gson.JsonObject;
import io.nodeqos.election.Fence;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.RetryDelays;
import io.nodeqos.reconcile.WriteFailure;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.reconcile.policies.PolicyWriter;
import io.nodeqos.reconcile.policies.PolicyWrites;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes {@code status.rollout}, and nothing else of a policy's status. */
public final class RolloutWrites {
  private static final Logger LOG = LoggerFactory.getLogger(RolloutWrites.class);

  private final PolicyWriter writer;
  private final PolicyWrites writes;
  private final Fence fence;
  private final RolloutListener listener;
  private final RetryDelays afterFailures;

  /**
   * @param writes shared with the writer of the rest of the status: both know the newest version
   */
  public RolloutWrites(
      PolicyWriter writer,
      PolicyWrites writes,
      Fence fence,
      RolloutListener listener,
      RetryDelays afterFailures) {
    this.writer = writer;
    this.writes = writes;
    this.fence = fence;
    this.listener = listener;
    this.afterFailures = afterFailures;
  }

  /** True while this process may write. */
  boolean isAllowed() {
    return fence.isOpen();
  }

  /** The term. */
  long epoch() {
    return fence.epoch();
  }

  /** The newest known version: the cache may not hold our last write yet. */
  PolicyObject newest(PolicyObject cached) {
    return writes.newest(cached);
  }

  /** The written record. */
  Optional<RolloutState> written(PolicyObject newest) {
    return RolloutJson.in(newest.status());
  }

  /**
   * Writes the record, and tells of a transition.
   *
   * @param written the record before
   * @return the outcome of the work when the write has failed
   */
  Optional<Outcome> write(PolicyObject newest, Optional<RolloutState> written, RolloutState state) {
    JsonObject patch = new JsonObject();
    patch.add(RolloutJson.FIELD, RolloutJson.patch(state));
    WriteResult result =
        writer.patchStatus(newest.name(), newest.meta().resourceVersion(), patch.toString());
    if (!(result instanceof WriteResult.Ok ok)) {
      LOG.debug("The rollout is not recorded: {}", result);
      return Optional.of(
          result instanceof WriteResult.NotFound
              ? Outcome.done()
              : WriteFailure.of(result, afterFailures).outcome());
    }
    JsonObject status = newest.status().deepCopy();
    status.add(RolloutJson.FIELD, RolloutJson.json(state));
    writes.partWritten(newest.withStatus(ok.resourceVersion(), status), fence.epoch());
    if (written.filter(state::isStepOf).isEmpty()) {
      tell(newest.meta(), written, state);
    }
    return Optional.empty();
  }

  private void tell(PolicyObject.Meta policy, Optional<RolloutState> before, RolloutState now) {
    LOG.info(
        "Rollout to revision {}: {}, step {} of {}. {}",
        now.revisions().target(),
        now.phase().text(),
        now.progress().step(),
        now.progress().steps(),
        now.message());
    listener.changed(policy, before, now);
  }
}
