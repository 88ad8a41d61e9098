// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.rules;

import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.ApiStatus.Cause;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.MicroTimes;
import io.nodeqos.sim.model.ResourceType;
import java.util.ArrayList;
import java.util.List;

/** The server's form of a Lease: times are {@code metav1.MicroTime}, UTC with six decimals. */
final class LeaseRules {
  private LeaseRules() {}

  /**
   * Rewrites the times in the spec in the server's form.
   *
   * @throws ApiException 400 for a time without six decimals, as the server's decoder does; 422 for
   *     a duration that is not positive or a negative count of transitions
   */
  static void normalise(ResourceType type, JsonObject lease) {
    JsonObject spec = Json.object(lease, "spec");
    MicroTimes.rewrite(spec, "renewTime");
    MicroTimes.rewrite(spec, "acquireTime");
    List<Cause> causes = new ArrayList<>();
    if (Json.number(lease, 1, "spec", "leaseDurationSeconds") <= 0) {
      causes.add(Cause.invalid("spec.leaseDurationSeconds", "must be greater than 0"));
    }
    if (Json.number(lease, 0, "spec", "leaseTransitions") < 0) {
      causes.add(Cause.invalid("spec.leaseTransitions", "must be greater than or equal to 0"));
    }
    if (!causes.isEmpty()) {
      throw new ApiException(
          ApiStatus.invalid(type, Json.string(lease, "metadata", "name"), causes));
    }
  }
}
