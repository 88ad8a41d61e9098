// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import com.google.gson.JsonObject;
import io.nodeqos.cli.demo.cluster.DemoCluster;
import io.nodeqos.election.ElectionSettings;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.fleet.FleetWatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The successive holders of the controller's Lease, by a watch. Thread-safe. */
final class DemoLeases implements FleetWatch.Handler {

  /** To be watched. */
  static final String COLLECTION =
      "/apis/coordination.k8s.io/v1/namespaces/" + DemoCluster.CONTROLLER_NAMESPACE + "/leases";

  static final String NAME = ElectionSettings.defaults().leaseName();

  private final List<Held> seen = new ArrayList<>();

  /**
   * The Lease from one change of holder to the next.
   *
   * @param holder empty when it was released
   * @param version the Lease's resourceVersion when this was first seen
   */
  record Held(String holder, long epoch, long version) {

    boolean isFree() {
      return holder.isEmpty();
    }
  }

  /** All changes of holder so far: each differs from the one before in holder or epoch. */
  synchronized List<Held> seen() {
    return List.copyOf(seen);
  }

  /** The present holder. */
  synchronized Optional<Held> current() {
    return seen.isEmpty()
        ? Optional.empty()
        : Optional.of(seen.get(seen.size() - 1)).filter(held -> !held.isFree());
  }

  @Override
  public synchronized void listed(List<JsonObject> all) {
    all.forEach(lease -> changed("MODIFIED", lease));
  }

  @Override
  public synchronized void changed(String type, JsonObject lease) {
    if (!FleetJson.name(lease).equals(NAME)) {
      return;
    }
    String holder = type.equals("DELETED") ? "" : FleetJson.text(lease, "spec", "holderIdentity");
    String transitions = FleetJson.text(lease, "spec", "leaseTransitions");
    long epoch = transitions.isEmpty() ? 0 : Long.parseLong(transitions);
    Held last = seen.isEmpty() ? new Held("", 0, 0) : seen.get(seen.size() - 1);
    if (!last.holder().equals(holder) || last.epoch() != epoch) {
      String version = FleetJson.text(lease, "metadata", "resourceVersion");
      seen.add(new Held(holder, epoch, Long.parseLong(version)));
    }
  }
}
