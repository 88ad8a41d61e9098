// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.manifests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.Api;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Nodes of labelled pools are born with the startup taint. Here the server gives each new node the
 * taint not-ready first; {@code OtherServerIT} has a server that does not.
 */
@RealApi
class StartupTaintPolicyIT {
  private static final String OURS = "nodeqos.io/warming-up:NoSchedule";

  private final String name = "it-" + UUID.randomUUID();
  private final Installation installation;
  private final Api admin;

  StartupTaintPolicyIT(ControlPlane plane) {
    this.installation = Installation.apply(plane);
    this.admin = Api.admin(plane);
  }

  @BeforeEach
  void install() {
    installation.admission("startup-taint");
    Poll.until("mutation", () -> taintsOf("true", "{}"), taints -> taints.contains(OURS));
  }

  @AfterEach
  void remove() {
    installation.removeAdmission("startup-taint");
  }

  /** The taints of a new node, as key:effect. */
  private List<String> taintsOf(String label, String spec) {
    return taintsOf("{\"nodeqos.io/taint-at-creation\": \"" + label + "\"}", spec, name);
  }

  private List<String> taintsOf(String labels, String spec, String node) {
    JsonObject created =
        admin
            .post(
                "/api/v1/nodes?dryRun=All",
                """
                {"metadata": {"name": "%s", "labels": %s}, "spec": %s}"""
                    .formatted(node, labels, spec))
            .succeeded()
            .json();
    JsonElement taints = created.getAsJsonObject("spec").get("taints");
    return taints == null
        ? List.of()
        : StreamSupport.stream(taints.getAsJsonArray().spliterator(), false)
            .map(JsonElement::getAsJsonObject)
            .map(t -> World.text(t, "key") + ":" + World.text(t, "effect"))
            .toList();
  }

  @Test
  void nodeWithOtherTaintsKeepsThem() {
    List<String> taints =
        taintsOf("true", "{\"taints\": [{\"key\": \"example.com/a\", \"effect\": \"NoExecute\"}]}");

    assertTrue(taints.containsAll(List.of("example.com/a:NoExecute", OURS)), taints::toString);
  }

  @Test
  void nodeThatRegistersWithTheTaintHasItOnce() {
    List<String> taints =
        taintsOf(
            "true",
            "{\"taints\": [{\"key\": \"nodeqos.io/warming-up\", \"effect\": \"NoSchedule\"}]}");

    assertEquals(1, taints.stream().filter(OURS::equals).count(), taints::toString);
  }

  @Test
  void nodesOfOtherPoolsGetNoTaint() {
    assertTrue(!taintsOf("false", "{}").contains(OURS));
    assertTrue(!taintsOf("{}", "{}", name).contains(OURS));
  }

  @Test
  void controlPlaneNodesGetNoTaint() {
    List<String> byTaint =
        taintsOf(
            "true",
            "{\"taints\": [{\"key\": \"node-role.kubernetes.io/control-plane\","
                + " \"effect\": \"NoSchedule\"}]}");
    List<String> byLabel =
        taintsOf(
            "{\"nodeqos.io/taint-at-creation\": \"true\","
                + " \"node-role.kubernetes.io/control-plane\": \"\"}",
            "{}",
            name);

    assertTrue(!byTaint.contains(OURS), byTaint::toString);
    assertTrue(!byLabel.contains(OURS), byLabel::toString);
  }
}
