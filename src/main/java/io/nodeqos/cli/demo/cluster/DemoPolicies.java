// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo.cluster;

import com.google.gson.JsonObject;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.fleet.FleetPlan;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The policies of the demo: {@code base} for all nodes, {@code gpu} on top for one pool. */
public record DemoPolicies(List<JsonObject> objects) {

  public static final String COLLECTION = "/apis/nodeqos.io/v1alpha1/nodeqospolicies";

  private static final String BASE = "base";
  private static final String GPU = "gpu";

  public static DemoPolicies read() throws IOException {
    return new DemoPolicies(YamlObjects.read("/io/nodeqos/cli/demo/policies.yaml"));
  }

  /** The images that each pool's policy wants. */
  public Map<String, List<String>> imagesByPool() {
    return Map.of(FleetPlan.POOL_GENERAL, images(BASE), FleetPlan.POOL_GPU, images(GPU));
  }

  /** By policy: how many of its nodes are to become warm. */
  public static Map<String, Integer> expectedWarm(FleetPlan plan) {
    Map<String, Integer> warm = new TreeMap<>(Map.of(BASE, 0, GPU, 0));
    for (FleetPlan.Member member : plan.members()) {
      if (!member.stuck()) {
        warm.merge(BASE, 1, Integer::sum);
        if (member.pool().equals(FleetPlan.POOL_GPU)) {
          warm.merge(GPU, 1, Integer::sum);
        }
      }
    }
    return warm;
  }

  private List<String> images(String policy) {
    return objects.stream()
        .filter(object -> FleetJson.name(object).equals(policy))
        .flatMap(object -> FleetJson.objects(object, "spec", "images").stream())
        .map(image -> FleetJson.text(image, "ref"))
        .toList();
  }
}
