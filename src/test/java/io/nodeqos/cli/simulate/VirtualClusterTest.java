// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.cli.simulate.cluster.CacheFeed;
import io.nodeqos.cli.simulate.cluster.VirtualCluster;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.fleet.FleetTimings;
import io.nodeqos.sim.store.StoredObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualClusterTest {
  private static final String DAEMON_SETS = "/apis/apps/v1/namespaces/kube-system/daemonsets";

  private static final String PODS = "/api/v1/namespaces/kube-system/pods/";

  private final VirtualCluster cluster =
      VirtualCluster.restore(
          Fleets.objects(2), InputFiles.crd(), Fleets.installation(), FleetTimings.demo(), 1);

  private List<JsonObject> pods(String node) {
    return cluster.api().objects(CacheFeed.PODS).stream()
        .map(StoredObject::parse)
        .filter(pod -> FleetJson.text(pod, "spec", "nodeName").equals(node))
        .toList();
  }

  private String node() {
    return cluster.api().objects(CacheFeed.NODES).get(0).key().name();
  }

  private static String uid(JsonObject pod) {
    return FleetJson.text(pod, "metadata", "uid");
  }

  private static boolean isReady(JsonObject pod) {
    return FleetJson.text(FleetJson.condition(pod, "Ready"), "status").equals("True");
  }

  @Test
  void podOfARestoredNodeEndsWhenItIsDeleted() {
    int all = pods(node()).size();
    JsonObject pod = pods(node()).get(0);
    assertTrue(cluster.api().delete(PODS + FleetJson.name(pod)).ok());
    cluster.run(Duration.ofMinutes(1));
    List<JsonObject> now = pods(node());
    assertEquals(all, now.size(), "its DaemonSet has made another one");
    assertTrue(now.stream().map(VirtualClusterTest::uid).noneMatch(uid(pod)::equals));
    assertTrue(now.stream().allMatch(VirtualClusterTest::isReady));
  }

  @Test
  void rebootStartsThePodsOfARestoredNodeAgain() {
    List<JsonObject> before = pods(node());
    cluster.reboot(node());
    cluster.run(Duration.ofSeconds(1));
    assertTrue(pods(node()).stream().noneMatch(VirtualClusterTest::isReady));
    cluster.run(Duration.ofMinutes(1));
    assertTrue(pods(node()).stream().allMatch(VirtualClusterTest::isReady));
    assertNotEquals(before, pods(node()));
  }

  @Test
  void fleetSeesWhatWasWrittenJustBeforeTheControllerStartsAgain() {
    JsonObject agent = cluster.api().objects(CacheFeed.DAEMON_SETS).get(0).parse();
    JsonObject metadata = new JsonObject();
    metadata.addProperty("name", "another");
    agent.add("metadata", metadata);
    agent.remove("status");
    int before = pods(node()).size();
    assertTrue(cluster.api().create(DAEMON_SETS, agent).ok());
    cluster.restartController();
    cluster.run(Duration.ofSeconds(5));
    assertEquals(before + 1, pods(node()).size());
  }
}
