// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.manifests;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Users with the built-in ClusterRoles. The test plays the controller of Kubernetes that aggregates
 * roles: it takes the label selectors from the built-in role itself.
 */
@RealApi
class UserRolesIT {
  private final String user = "user-" + UUID.randomUUID();
  private final ControlPlane plane;

  UserRolesIT(ControlPlane plane) {
    this.plane = plane;
    Installation.apply(plane);
  }

  @AfterEach
  void unbind() {
    plane.kubectl("delete", "clusterrolebinding", user, "--ignore-not-found").succeeded();
  }

  @ParameterizedTest
  @CsvSource({"view,yes,no", "edit,yes,yes", "admin,yes,yes"})
  void roleReadsOrChangesPoliciesAndNoNode(String role, String reads, String changes) {
    aggregate("view");
    aggregate("edit");
    aggregate("admin");
    plane
        .kubectl("create", "clusterrolebinding", user, "--clusterrole=" + role, "--user=" + user)
        .succeeded();
    Poll.until("bound role", () -> may("get", "nodeqospolicies"), "yes"::equals);

    Map<String, String> rights =
        Map.ofEntries(
            Map.entry("list nodeqospolicies", reads),
            Map.entry("watch nodeqospolicies", reads),
            Map.entry("get nodeqospolicies/status", reads),
            Map.entry("list controllerrevisions.apps", reads),
            Map.entry("create nodeqospolicies", changes),
            Map.entry("update nodeqospolicies", changes),
            Map.entry("patch nodeqospolicies", changes),
            Map.entry("delete nodeqospolicies", changes),
            Map.entry("patch nodeqospolicies/status", "no"),
            Map.entry("patch nodes", "no"),
            Map.entry("patch nodes/status", "no"),
            Map.entry("delete nodes", "no"));
    assertAll(
        rights.entrySet().stream()
            .map(
                right ->
                    () -> {
                      String[] words = right.getKey().split(" ", 2);
                      assertEquals(right.getValue(), may(words[0], words[1]), right.getKey());
                    }));
  }

  private String may(String verb, String resource) {
    String[] parts = resource.split("/", 2);
    return parts.length == 1
        ? plane.kubectl("auth", "can-i", verb, parts[0], "--as=" + user).out().strip()
        : plane
            .kubectl("auth", "can-i", verb, parts[0], "--subresource=" + parts[1], "--as=" + user)
            .out()
            .strip();
  }

  private void aggregate(String role) {
    JsonObject built = json("get", "clusterrole", role, "-o", "json");
    JsonArray rules = new JsonArray();
    built
        .getAsJsonObject("aggregationRule")
        .getAsJsonArray("clusterRoleSelectors")
        .forEach(
            selector ->
                selector
                    .getAsJsonObject()
                    .getAsJsonObject("matchLabels")
                    .entrySet()
                    .forEach(
                        label ->
                            json(
                                    "get",
                                    "clusterroles",
                                    "-l",
                                    label.getKey() + "=" + label.getValue().getAsString(),
                                    "-o",
                                    "json")
                                .getAsJsonArray("items")
                                .forEach(
                                    item ->
                                        rules.addAll(
                                            item.getAsJsonObject().has("rules")
                                                ? item.getAsJsonObject().getAsJsonArray("rules")
                                                : new JsonArray()))));
    JsonObject patch = new JsonObject();
    patch.add("rules", rules);
    plane
        .kubectl("patch", "clusterrole", role, "--type", "merge", "-p", patch.toString())
        .succeeded();
  }

  private JsonObject json(String... arguments) {
    return JsonParser.parseString(plane.kubectl(arguments).succeeded().out()).getAsJsonObject();
  }
}
