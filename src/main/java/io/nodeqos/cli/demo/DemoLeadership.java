// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.nodeqos.cli.demo.DemoSummary.Recording;
import java.util.List;
import java.util.Optional;

/**
 * The leaders, and the writes of replicas after their terms.
 *
 * @param leaders the identities in the order of their terms
 * @param overlappingWrites received after the next holder's acquisition of the Lease was committed
 * @param lateWrites received before it and committed after it
 * @param failover empty when no leader was killed
 */
record DemoLeadership(
    List<String> leaders, int overlappingWrites, int lateWrites, Optional<DemoFailover> failover) {

  static DemoLeadership of(Recording recording) {
    LeaderTerms terms = LeaderTerms.of(recording.leading().leases(), recording.log().leaseWrites());
    return new DemoLeadership(
        terms.holders(),
        terms.overlapping(recording.log().writes()),
        terms.late(recording.log().writes()),
        recording.leading().kill().map(kill -> DemoFailover.of(recording, terms, kill)));
  }

  /** Adds its fields to those of the summary file. */
  void addTo(JsonObject json) {
    JsonArray names = new JsonArray();
    leaders.forEach(names::add);
    json.add("leaders", names);
    json.add("failover", failover.<JsonElement>map(DemoFailover::toJson).orElse(JsonNull.INSTANCE));
    json.addProperty("overlappingWrites", overlappingWrites);
    json.addProperty("lateWrites", lateWrites);
  }
}
