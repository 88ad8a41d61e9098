// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.resource;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ResourceType;
import io.nodeqos.sim.model.ResourceType.Trait;
import io.nodeqos.sim.request.Reply;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The documents of discovery, and the health endpoints. */
public final class Discovery {
  static final String KUBERNETES_VERSION = "v1.34.0";

  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  private static final List<String> STATUS_VERBS = List.of("get", "patch", "update");

  private final ResourceRegistry registry;
  private final OpenApi openApi;

  public Discovery(ResourceRegistry registry, OpenApi openApi) {
    this.registry = registry;
    this.openApi = openApi;
  }

  /** The answer to a GET of the path; empty when there is no such document. */
  public Optional<Reply> find(String path) {
    String trimmed =
        path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    switch (trimmed) {
      case "/healthz", "/livez", "/readyz" -> {
        return Optional.of(Reply.text(200, "ok"));
      }
      case "/version" -> {
        return Optional.of(Reply.json(200, version()));
      }
      case "/api" -> {
        return Optional.of(Reply.json(200, coreVersions()));
      }
      case "/apis" -> {
        return Optional.of(Reply.json(200, groups()));
      }
      default -> {}
    }
    if (trimmed.startsWith("/openapi/")) {
      return openApi.find(trimmed);
    }
    String[] parts = trimmed.split("/");
    if (trimmed.startsWith("/api/") && parts.length == 3) {
      return resources("", parts[2]);
    }
    if (trimmed.startsWith("/apis/") && parts.length == 4) {
      return resources(parts[2], parts[3]);
    }
    if (trimmed.startsWith("/apis/") && parts.length == 3) {
      return Optional.ofNullable(groupVersions().get(parts[2]))
          .map(
              versions -> {
                JsonObject group = group(parts[2], versions);
                group.addProperty("kind", "APIGroup");
                group.addProperty("apiVersion", "v1");
                return Reply.json(200, group);
              });
    }
    return Optional.empty();
  }

  private static JsonObject version() {
    JsonObject version = new JsonObject();
    version.addProperty("major", "1");
    version.addProperty("minor", "34");
    version.addProperty("gitVersion", KUBERNETES_VERSION);
    version.addProperty("gitCommit", "embedded");
    version.addProperty("gitTreeState", "clean");
    version.addProperty("buildDate", "1970-01-01T00:00:00Z");
    version.addProperty("goVersion", "none");
    version.addProperty("compiler", "javac");
    version.addProperty("platform", "jvm");
    return version;
  }

  private static JsonObject coreVersions() {
    JsonObject versions = document("APIVersions");
    versions.add("versions", Json.arrayOf(List.of("v1")));
    versions.add("serverAddressByClientCIDRs", new JsonArray());
    return versions;
  }

  private JsonObject groups() {
    JsonArray list = new JsonArray();
    groupVersions().forEach((name, versions) -> list.add(group(name, versions)));
    JsonObject groups = document("APIGroupList");
    groups.add("groups", list);
    return groups;
  }

  private Map<String, Set<String>> groupVersions() {
    Map<String, Set<String>> found = new LinkedHashMap<>();
    for (ResourceType type : registry.all()) {
      if (!type.group().isEmpty()) {
        found.computeIfAbsent(type.group(), any -> new LinkedHashSet<>()).add(type.version());
      }
    }
    return found;
  }

  private static JsonObject group(String name, Set<String> versions) {
    JsonArray list = new JsonArray();
    for (String version : versions) {
      JsonObject entry = new JsonObject();
      entry.addProperty("groupVersion", name + "/" + version);
      entry.addProperty("version", version);
      list.add(entry);
    }
    JsonObject group = new JsonObject();
    group.addProperty("name", name);
    group.add("versions", list);
    group.add("preferredVersion", list.get(0));
    return group;
  }

  private Optional<Reply> resources(String group, String version) {
    JsonArray list = new JsonArray();
    for (ResourceType type : registry.all()) {
      if (type.group().equals(group) && type.version().equals(version)) {
        list.add(resource(type));
        if (type.is(Trait.STATUS)) {
          list.add(statusResource(type));
        }
      }
    }
    if (list.isEmpty()) {
      return Optional.empty();
    }
    JsonObject resources = document("APIResourceList");
    resources.addProperty("groupVersion", group.isEmpty() ? version : group + "/" + version);
    resources.add("resources", list);
    return Optional.of(Reply.json(200, resources));
  }

  private static JsonObject resource(ResourceType type) {
    ResourceType.Names names = type.names();
    JsonObject resource = new JsonObject();
    resource.addProperty("name", names.plural());
    resource.addProperty("singularName", names.singular());
    resource.addProperty("namespaced", type.is(Trait.NAMESPACED));
    resource.addProperty("kind", names.kind());
    resource.add("verbs", Json.arrayOf(VERBS));
    if (!names.shortNames().isEmpty()) {
      resource.add("shortNames", Json.arrayOf(names.shortNames()));
    }
    if (!names.categories().isEmpty()) {
      resource.add("categories", Json.arrayOf(names.categories()));
    }
    return resource;
  }

  private static JsonObject statusResource(ResourceType type) {
    JsonObject resource = new JsonObject();
    resource.addProperty("name", type.names().plural() + "/status");
    resource.addProperty("singularName", "");
    resource.addProperty("namespaced", type.is(Trait.NAMESPACED));
    resource.addProperty("kind", type.names().kind());
    resource.add("verbs", Json.arrayOf(STATUS_VERBS));
    return resource;
  }

  private static JsonObject document(String kind) {
    JsonObject document = new JsonObject();
    document.addProperty("kind", kind);
    document.addProperty("apiVersion", "v1");
    return document;
  }
}
