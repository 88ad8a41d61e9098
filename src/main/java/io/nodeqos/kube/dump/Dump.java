// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import com.google.gson.JsonObject;
import io.nodeqos.preview.ClusterSnapshot;
import java.util.List;

/**
 * A dump that was read.
 *
 * @param leases of the controller's namespace
 * @param events core/v1 Events of the controller
 * @param history transitions, the newest last, as a replica gives them; empty when none answered
 */
public record Dump(
    DumpInfo info,
    ClusterSnapshot snapshot,
    List<JsonObject> leases,
    List<JsonObject> events,
    List<JsonObject> history) {
  public Dump {
    leases = List.copyOf(leases);
    events = List.copyOf(events);
    history = List.copyOf(history);
  }
}
