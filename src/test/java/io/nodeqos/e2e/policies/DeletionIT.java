// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.policies;

import static io.nodeqos.e2e.rig.DeletionRig.FINALIZER;
import static io.nodeqos.e2e.rig.DeletionRig.TAINT;
import static io.nodeqos.e2e.rig.DeletionRig.unique;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.DeletionRig;
import io.nodeqos.e2e.rig.Member;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Policies are deleted and nodes leave their selectors, on a real server: what {@code
 * deletionPolicy} promises, with no more rights than the manifests and own-keys.yaml give.
 */
@RealApi
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeletionIT {
  private final ControlPlane plane;
  private DeletionRig rig;

  DeletionIT(ControlPlane plane) {
    this.plane = plane;
  }

  @BeforeAll
  void startTwoReplicas() {
    rig = DeletionRig.start(plane);
  }

  @AfterAll
  void removeAll() {
    rig.close();
  }

  /** Name, pool, policy and node of one test. */
  private record Case(String pool, String node, String policy) {
    static Case next() {
      return new Case(unique("pool"), unique("node"), unique("p"));
    }

    String spec(String deletionPolicy, String sections) {
      return """
          {"deletionPolicy": "%s", "nodeSelector": {"matchLabels": {"pool": "%s"}}, %s}"""
          .formatted(deletionPolicy, pool, sections);
    }
  }

  private static final String ALL =
      """
      "reservation": {"cpu": "100m"},
      "quota": {"classes": [{"name": "gold", "advertise": {"cpu": "50%"}}]},
      "warmUp": {"nodeReady": {}}""";

  @Test
  void keepLeavesTheNodesOfADeletedPolicyAndItsStartupTaintIsReportedAsAnOrphan() {
    Case c = Case.next();
    String waiting = unique("node");
    rig.policy(c.policy(), c.spec("Keep", ALL));
    rig.node(c.node(), c.pool(), true);
    rig.node(waiting, c.pool(), false);
    JsonObject warm = rig.warm(c.node());
    rig.waiting(waiting);

    Command deleted = rig.kubectlDelete(c.policy());
    assertEquals(0, deleted.code(), deleted::error);

    String described =
        Poll.until(
            "OrphanStartupTaint",
            () -> rig.described("node", waiting),
            text -> text.contains("OrphanStartupTaint"));
    String version = World.text(warm, "metadata", "labels", "nodeqos.io/config-version");
    String metrics = rig.leader().run().probe("/metrics").body();
    assertAll(
        () ->
            assertTrue(
                described.contains("kubectl taint node " + waiting + " " + TAINT + ":NoSchedule-"),
                described),
        () -> assertTrue(metrics.contains("qos_orphan_startup_taints 1.0"), metrics),
        () -> assertTrue(World.hasTaint(rig.node(waiting), TAINT), "it was only reported"),
        () ->
            assertEquals(
                World.text(warm, "metadata", "resourceVersion"),
                World.text(rig.node(c.node()), "metadata", "resourceVersion"),
                "nothing was written"),
        () -> assertFalse(version.isEmpty()));

    rig.policy(c.policy(), c.spec("Keep", ALL));
    Poll.until(
        "end of the report",
        () -> rig.leader().run().probe("/metrics").body(),
        text -> text.contains("qos_orphan_startup_taints 0.0"));
  }

  @Test
  void removeCleansTheNodesOfADeletedPolicyBeforeThePolicyIsDeleted() {
    Case c = Case.next();
    String waiting = unique("node");
    rig.policy(c.policy(), c.spec("Remove", ALL));
    rig.policyUntil("finalizer", c.policy(), text -> text.contains(FINALIZER));
    rig.node(c.node(), c.pool(), true);
    rig.node(waiting, c.pool(), false);
    rig.warm(c.node());
    rig.waiting(waiting);

    Command deleted = rig.kubectlDelete(c.policy());
    assertEquals(0, deleted.code(), deleted::error);

    for (String name : List.of(c.node(), waiting)) {
      JsonObject clean = rig.node(name);
      assertEquals(List.of(), DeletionRig.ours(clean), clean::toString);
      assertTrue(DeletionRig.hasAllOfOthers(clean), clean::toString);
    }
    Poll.until("Event", () -> rig.described("node", c.node()), text -> text.contains("Cleaned"));
  }

  @Test
  void nodeThatLeavesTheSelectorIsCleanedOnlyWithRemove() {
    for (String deletionPolicy : List.of("Keep", "Remove")) {
      Case c = Case.next();
      rig.policy(c.policy(), c.spec(deletionPolicy, ALL));
      rig.node(c.node(), c.pool(), true);
      JsonObject warm = rig.warm(c.node());

      rig.label(c.node(), "pool", "elsewhere");

      if (deletionPolicy.equals("Remove")) {
        JsonObject clean =
            rig.nodeUntil("clean node", c.node(), n -> DeletionRig.ours(n).isEmpty());
        assertTrue(DeletionRig.hasAllOfOthers(clean), clean::toString);
      } else {
        rig.policyUntil("policy without nodes", c.policy(), text -> text.contains("\"matched\":0"));
        assertEquals(DeletionRig.ours(warm), DeletionRig.ours(rig.node(c.node())));
      }
      assertEquals(0, rig.kubectlDelete(c.policy()).code());
    }
  }

  @Test
  void deletionOfOnePolicyKeepsTheOtherPolicyInForce() {
    for (String deletionPolicy : List.of("Keep", "Remove")) {
      Case c = Case.next();
      String other = unique("q");
      rig.policy(other, c.spec("Keep", "\"priority\": -1, \"reservation\": {\"cpu\": \"1\"}"));
      rig.policy(c.policy(), c.spec(deletionPolicy, ALL));
      rig.node(c.node(), c.pool(), true);
      rig.warm(c.node());

      assertEquals(0, rig.kubectlDelete(c.policy()).code());

      JsonObject after =
          rig.nodeUntil(
              "reservation of the other policy",
              c.node(),
              n -> config(n).contains("\"reservation\":\"" + other + "\""));
      boolean keeps = deletionPolicy.equals("Keep");
      assertEquals(keeps, DeletionRig.ours(after).contains("nodeqos.io/gold-cpu"), after::toString);
      assertEquals(keeps, config(after).contains("\"quota\":\"" + c.policy() + "\""));
      assertEquals(keeps, DeletionRig.ours(after).contains("nodeqos.io/warmed-up"));
      assertTrue(DeletionRig.hasAllOfOthers(after), after::toString);
      assertEquals(0, rig.kubectlDelete(other).code());
    }
  }

  @Test
  void deletionNamesItsBlockersAndContinuesAfterTheLeaderIsKilled() {
    Case c = Case.next();
    String other = unique("q");
    String free = unique("node");
    rig.policy(c.policy(), c.spec("Remove", ALL));
    rig.policyUntil("finalizer", c.policy(), text -> text.contains(FINALIZER));
    rig.node(c.node(), c.pool(), true);
    rig.node(free, c.pool(), true);
    rig.warm(c.node());
    rig.warm(free);
    rig.policy(
        other,
        """
        {"suspend": true, "images": [{"ref": "a"}],
         "nodeSelector": {"matchLabels": {"held": "%s"}}}"""
            .formatted(c.pool()));
    rig.label(c.node(), "held", c.pool());
    rig.policyUntil("selected node", other, text -> text.contains("\"matched\":1"));

    rig.delete(c.policy());

    String held = "1 node is left to clean. Held up: node " + c.node() + ": Policy " + other;
    Poll.until("progress", () -> rig.described("nqp", c.policy()), text -> text.contains(held));
    rig.nodeUntil("clean node", free, n -> DeletionRig.ours(n).isEmpty());

    Member killed = rig.leader();
    killed.run().kill();
    rig.leader();
    rig.patchPolicy(other, "{\"suspend\": false}");

    rig.gone(c.policy());
    JsonObject after = rig.node(c.node());
    assertFalse(config(after).contains("quota"), after::toString);
    assertFalse(DeletionRig.ours(after).contains("nodeqos.io/warmed-up"), after::toString);
    killed.startAgain();
  }

  private static String config(JsonObject node) {
    return World.text(node, "metadata", "annotations", "nodeqos.io/config");
  }
}
