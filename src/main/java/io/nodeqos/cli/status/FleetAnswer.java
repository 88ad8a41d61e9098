// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.status;

import com.google.gson.JsonObject;
import io.nodeqos.cli.replica.NoReplicaException;
import io.nodeqos.cli.replica.ReplicaAccess;
import io.nodeqos.cli.replica.ReplicaAnswer;
import io.nodeqos.cli.replica.ServerNodes;
import io.nodeqos.cli.replica.Unanswered;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * The state of all nodes, or of one.
 *
 * @param snapshot as {@code /snapshot} has it; empty when neither a replica nor the API server
 *     answers
 * @param source the replica, in words; empty without one
 * @param missing why there is no answer of a replica, and what that leaves out; empty with one
 */
record FleetAnswer(Optional<JsonObject> snapshot, String source, String missing) {
  static FleetAnswer of(ReplicaAccess replica, ServerNodes nodes) {
    String why;
    try {
      ReplicaAnswer answer = replica.get("/snapshot", Map.of());
      if (answer.isOk()) {
        return new FleetAnswer(Optional.of(answer.json()), answer.from(), "");
      }
      why = answer.from() + " answers with HTTP " + answer.status();
    } catch (NoReplicaException e) {
      why = e.getMessage();
    }
    try {
      return new FleetAnswer(
          Optional.of(NodeMarksSnapshot.of(nodes.all())),
          "",
          why
              + "; nodes are counted by their marks, and frozen or pending ones and startup taints of"
              + " no policy are not known");
    } catch (IOException e) {
      return new FleetAnswer(
          Optional.empty(), "", Unanswered.sentence(why, "the list of nodes", e));
    }
  }
}
