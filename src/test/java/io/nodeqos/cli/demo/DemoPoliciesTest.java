// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.gson.JsonObject;
import io.nodeqos.cli.demo.cluster.DemoCluster;
import io.nodeqos.cli.demo.cluster.DemoPolicies;
import io.nodeqos.policy.PolicyDecoder;
import io.nodeqos.policy.PolicyDecoder.Decoded;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.fleet.FleetPlan;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoPoliciesTest {

  @Test
  void policiesAreValid() throws IOException {
    for (JsonObject policy : DemoPolicies.read().objects()) {
      PolicyObject object =
          new PolicyObject(
              new PolicyObject.Meta(
                  FleetJson.name(policy), "uid", "1", 1, Instant.EPOCH, false, List.of()),
              policy.getAsJsonObject("spec"),
              new JsonObject());

      assertInstanceOf(Decoded.Valid.class, new PolicyDecoder().decode(object));
    }
  }

  @Test
  void crdAndThePoliciesAreAcceptedByTheEmbeddedApi() throws Exception {
    try (DemoCluster cluster = DemoCluster.start()) {
      cluster.prepare(DemoPolicies.read().objects());

      JsonObject list = cluster.admin().get(DemoPolicies.COLLECTION).body();
      assertEquals(
          List.of("base", "gpu"),
          FleetJson.objects(list, "items").stream().map(FleetJson::name).toList());
      assertFalse(cluster.policiesReport(Map.of("base", 1, "gpu", 1)), "no status was written yet");
    }
  }

  @Test
  void eachPoolPullsTheImagesThatItsPolicyWants() throws IOException {
    Map<String, List<String>> images = DemoPolicies.read().imagesByPool();

    assertEquals(
        List.of(
            "registry.example.com/platform/runtime:3.2",
            "registry.example.com/platform/log-shipper:1.9"),
        images.get(FleetPlan.POOL_GENERAL));
    assertEquals(3, images.get(FleetPlan.POOL_GPU).size());
  }

  @Test
  void stuckNodeIsLeftOutOfTheExpectedPolicyStatus() {
    FleetPlan plan =
        FleetPlan.of(new DemoOptions(200, 1, false, 3, true, Optional.empty()).fleet(Map.of()));

    assertEquals(Map.of("base", 199, "gpu", 40), DemoPolicies.expectedWarm(plan));
  }
}
