// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.policies;

import static io.nodeqos.e2e.rig.DeletionRig.unique;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.Api;
import io.nodeqos.e2e.rig.DeletionRig;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The last valid version of a policy outlives all processes that have seen it, on a real server.
 */
@RealApi
class LastValidVersionIT {
  /** The schema lets it through: only the controller knows that no such duration can be held. */
  private static final String INVALID =
      """
      {"priority": 9, "reservation": {"cpu": "900m"}, "warmUp": {"stableFor": "999999999999h"}}""";

  private final ControlPlane plane;

  LastValidVersionIT(ControlPlane plane) {
    this.plane = plane;
  }

  @Test
  void lastValidVersionIsInForceAfterARestartOfAllReplicas() {
    String pool = unique("pool");
    String policy = unique("p");
    String other = unique("q");
    String never = unique("r");
    String selector = "\"nodeSelector\": {\"matchLabels\": {\"pool\": \"" + pool + "\"}}";
    String before = unique("node");
    String after = unique("node");
    try (DeletionRig rig = DeletionRig.start(plane)) {
      rig.policy(
          policy,
          "{"
              + selector
              + ", \"reservation\": {\"cpu\": \"150m\"}, \"warmUp\": {\"nodeReady\": {}}}");
      rig.node(before, pool, true);
      rig.warm(before);
      rig.patchPolicy(policy, INVALID);
      rig.policyUntil("invalid policy", policy, text -> text.contains("stays in force"));
      List<JsonObject> revisions = revisions(policy);
      assertEquals(1, revisions.size(), revisions::toString);
      JsonObject revision = revisions.get(0);
      assertAll(
          () -> assertEquals(1, revision.get("revision").getAsLong()),
          () -> assertEquals("150m", World.text(revision, "data", "spec", "reservation", "cpu")),
          () -> assertTrue(revision.toString().contains("\"kind\":\"NodeQoSPolicy\"")));

      rig.killAll();
      rig.policy(never, "{" + selector + ", \"warmUp\": {\"stableFor\": \"999999999999h\"}}");
      rig.policy(other, "{" + selector + ", \"images\": [{\"ref\": \"example.com/a\"}]}");
      rig.startAllAgain();

      rig.node(after, pool, true);
      for (String node : List.of(before, after)) {
        JsonObject warm =
            rig.nodeUntil(
                "warm node with both policies",
                node,
                n ->
                    DeletionRig.config(n).contains("example.com/a")
                        && World.condition(n, "status").equals("True"));
        String config = DeletionRig.config(warm);
        assertTrue(config.contains("\"cpu\":\"150m\""), config);
        assertTrue(!World.hasTaint(warm, DeletionRig.TAINT), warm::toString);
      }
      assertEquals(List.of(), revisions(never));
      assertEquals(revisions, revisions(policy), "nothing is written for an invalid version");
      rig.policyUntil("no effect", never, text -> text.contains("It has no effect."));
    }
  }

  private List<JsonObject> revisions(String policy) {
    List<JsonObject> all = new ArrayList<>();
    for (JsonElement one :
        Api.admin(plane)
            .get(
                "/apis/apps/v1/namespaces/nodeqos-system/controllerrevisions"
                    + "?labelSelector=nodeqos.io%2Frevision-of%3D"
                    + policy)
            .succeeded()
            .json()
            .getAsJsonArray("items")) {
      all.add(one.getAsJsonObject());
    }
    return all;
  }
}
