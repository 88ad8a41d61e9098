// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The requests of kubectl before and for its output: discovery, health, Tables. */
abstract class DiscoveryContract extends Contract {
  static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

  private static JsonObject named(Answer answer, String array, String name) {
    for (JsonElement item : answer.json().getAsJsonArray(array)) {
      if (Answer.at(item, "name").equals(name)) {
        return item.getAsJsonObject();
      }
    }
    return null;
  }

  private static List<String> columns(Answer table) {
    List<String> names = new ArrayList<>();
    table
        .json()
        .getAsJsonArray("columnDefinitions")
        .forEach(column -> names.add(Answer.at(column, "name")));
    return names;
  }

  @Test
  void serverReportsItsVersion() {
    Answer version = api().get("/version").expect(200);

    assertEquals("1", version.at("major"));
    assertTrue(version.at("gitVersion").startsWith("v1."), version.body());
  }

  @Test
  void serverIsAliveAndReady() {
    for (String path : List.of("/livez", "/readyz", "/healthz")) {
      assertEquals("ok", api().get(path, "*/*").expect(200).body(), path);
    }
  }

  @Test
  void coreGroupHasVersionOne() {
    Answer versions = api().get("/api").expect(200);

    assertEquals("APIVersions", versions.at("kind"));
    assertEquals("v1", versions.at("versions", "0"));
  }

  @Test
  void groupsAreListedWithTheirVersions() {
    Answer groups = api().get("/apis").expect(200);

    assertEquals("APIGroupList", groups.at("kind"));
    for (String group :
        List.of(
            "apps",
            "coordination.k8s.io",
            "events.k8s.io",
            "storage.k8s.io",
            "apiextensions.k8s.io")) {
      JsonObject found = named(groups, "groups", group);
      assertNotNull(found, group);
      assertTrue(found.get("versions").toString().contains(group + "/v1\""), group);
      assertFalse(Answer.at(found, "preferredVersion", "version").isEmpty(), group);
    }
  }

  @Test
  void coreResourcesAreListedWithScopeVerbsAndShortNames() {
    Answer resources = api().get("/api/v1").expect(200);

    assertEquals("APIResourceList", resources.at("kind"));
    JsonObject nodes = named(resources, "resources", "nodes");
    assertEquals("Node", Answer.at(nodes, "kind"));
    assertEquals("false", Answer.at(nodes, "namespaced"));
    assertTrue(nodes.get("shortNames").toString().contains("\"no\""));
    for (String verb : List.of("get", "list", "watch", "create", "update", "patch", "delete")) {
      assertTrue(nodes.get("verbs").toString().contains("\"" + verb + "\""), verb);
    }
    assertEquals("true", Answer.at(named(resources, "resources", "pods"), "namespaced"));
    assertNotNull(named(resources, "resources", "nodes/status"));
  }

  @Test
  void resourcesOfAGroupAreListed() {
    Answer resources = api().get("/apis/coordination.k8s.io/v1").expect(200);

    assertEquals("coordination.k8s.io/v1", resources.at("groupVersion"));
    assertEquals("Lease", Answer.at(named(resources, "resources", "leases"), "kind"));
  }

  @Test
  void singleGroupCanBeAskedFor() {
    Answer group = api().get("/apis/apps").expect(200);

    assertEquals("APIGroup", group.at("kind"));
    assertEquals("apps/v1", group.at("preferredVersion", "groupVersion"));
  }

  @Test
  void unknownGroupIsNotFound() {
    api().get("/apis/no.such.group/v1").expect(404);
  }

  @Test
  void openApiIndexKnowsTheCoreGroup() {
    Answer index = api().get("/openapi/v3").expect(200);
    String url = index.at("paths", "api/v1", "serverRelativeURL");

    assertTrue(url.startsWith("/openapi/v3/api/v1"), url);
    assertTrue(api().get(url).expect(200).json().has("paths"));
  }

  @Test
  void nodesAreShownAsATable() {
    Answer node = createNode(unique("node"));

    Answer table = api().get(NODES + "?labelSelector=contract=" + node.name(), TABLE).expect(200);

    assertEquals("Table", table.at("kind"));
    assertEquals("meta.k8s.io/v1", table.at("apiVersion"));
    assertEquals(
        List.of("Name", "Status", "Roles", "Age", "Version"), columns(table).subList(0, 5));
    assertEquals(node.name(), table.at("rows", "0", "cells", "0"));
    assertEquals("Unknown", table.at("rows", "0", "cells", "1"), "no Ready condition");
    assertEquals("PartialObjectMetadata", table.at("rows", "0", "object", "kind"));
    assertEquals(node.name(), table.at("rows", "0", "object", "metadata", "name"));
    assertFalse(table.version().isEmpty(), "kubectl get --watch goes on from it");
  }

  @Test
  void tableShowsAReadyCordonedNode() {
    String name = createNode(unique("node")).name();
    api().merge(nodePath(name), json("{'spec':{'unschedulable':true}}")).expect(200);
    api()
        .patch(
            nodePath(name) + "/status",
            ContractClient.STRATEGIC,
            json("{'status':{'conditions':[{'type':'Ready','status':'True'}]}}"))
        .expect(200);

    Answer table = api().get(nodePath(name), TABLE).expect(200);

    assertEquals("Ready,SchedulingDisabled", table.at("rows", "0", "cells", "1"));
  }

  @Test
  void tableRowCarriesTheWholeObjectOrNothingOnRequest() {
    String name = createNode(unique("node")).name();

    Answer whole = api().get(nodePath(name) + "?includeObject=Object", TABLE).expect(200);
    Answer nothing = api().get(nodePath(name) + "?includeObject=None", TABLE).expect(200);

    assertEquals("Node", whole.at("rows", "0", "object", "kind"));
    assertFalse(nothing.has("rows", "0", "object"));
  }

  @Test
  void podsLeasesDaemonSetsAndNamespacesHaveTheirColumns() {
    assertEquals(
        List.of("Name", "Ready", "Status", "Restarts", "Age"),
        columns(api().get("/api/v1/pods", TABLE).expect(200)).subList(0, 5));
    assertEquals(
        List.of("Name", "Holder", "Age"),
        columns(api().get("/apis/coordination.k8s.io/v1/leases", TABLE).expect(200)));
    assertEquals(
        List.of("Name", "Desired", "Current", "Ready", "Up-to-date", "Available"),
        columns(api().get("/apis/apps/v1/daemonsets", TABLE).expect(200)).subList(0, 6));
    assertEquals(
        List.of("Name", "Status", "Age"),
        columns(api().get("/api/v1/namespaces", TABLE).expect(200)));
  }

  @Test
  void firstSupportedFormOfTheAcceptHeaderIsServed() {
    Answer table = api().get("/api/v1/namespaces", TABLE + ",application/json").expect(200);
    Answer list =
        api()
            .get("/api/v1/namespaces", "application/json;as=NoSuchForm;v=v1,application/json")
            .expect(200);

    assertEquals("Table", table.at("kind"));
    assertEquals("NamespaceList", list.at("kind"));
  }

  @Test
  void metadataCanBeListedAlone() {
    String name = createNode(unique("node")).name();

    Answer list =
        api()
            .get(
                NODES + "?labelSelector=contract=" + name,
                "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io")
            .expect(200);

    assertEquals("PartialObjectMetadataList", list.at("kind"));
    assertEquals(List.of(name), list.names());
    assertFalse(list.has("items", "0", "spec"));
  }

  @Test
  void unknownFormIsNotAcceptable() {
    api().get("/api/v1/namespaces", "image/png").expect(406);
  }
}
