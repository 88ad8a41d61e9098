// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.bench.fleet.Fleet;
import io.nodeqos.bench.rig.Controller;
import io.nodeqos.bench.rig.Rig;
import io.nodeqos.e2e.rig.Api;

/** The optional admission policies that look at each write of the controller to a Node. */
public final class AdmissionPolicies {
  private static final String PROBE = "probe-00000";

  private AdmissionPolicies() {}

  /** Applies them and waits until the server judges by them. */
  static void apply(Rig rig, Controller leader) throws InterruptedException {
    rig.installation().admission("own-keys");
    rig.installation().admission("fence");
    Fleet probe = rig.fleet("probe");
    probe.grow(1, true);
    Api api = Api.of(rig.plane(), leader.replica().token());
    Api other = Api.of(rig.plane(), rig.installation().replica("bench-idle").token());
    rig.progress().step("waiting for the admission policies");
    rig.await(
        "admission policy own-keys in effect",
        () -> denied(api, "{\"metadata\": {\"labels\": {\"example.com/foreign\": \"1\"}}}"));
    rig.await(
        "admission policy fence in effect",
        () -> denied(other, "{\"metadata\": {\"labels\": {\"nodeqos.io/warmed-up\": \"true\"}}}"));
    probe.remove();
  }

  private static boolean denied(Api api, String patch) {
    int code = api.merge("/api/v1/nodes/" + PROBE + "?dryRun=All", patch).code();
    return code == 422 || code == 403;
  }
}
