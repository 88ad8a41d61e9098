// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.resource;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ResourceType;
import io.nodeqos.sim.model.ResourceType.Trait;
import io.nodeqos.sim.request.Reply;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The part of the OpenAPI documents that kubectl needs in order to leave validation to the server:
 * the PATCH of each kind lists the parameter fieldValidation. Only custom resources have schemas,
 * for {@code kubectl explain}.
 */
public final class OpenApi {
  private static final String V2_PROTOBUF =
      "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  /** An openapi.v2.Document whose only field, number 1, is swagger 2.0. */
  private static final byte[] V2_DOCUMENT = {0x0a, 0x03, '2', '.', '0'};

  private final ResourceRegistry registry;

  public OpenApi(ResourceRegistry registry) {
    this.registry = registry;
  }

  Optional<Reply> find(String path) {
    if (path.equals("/openapi/v2")) {
      return Optional.of(
          new Reply.Body(
              200, V2_PROTOBUF, List.of(V2_DOCUMENT), Map.of(), Reply.ObjectVersion.NONE));
    }
    if (path.equals("/openapi/v3")) {
      return Optional.of(Reply.json(200, index()));
    }
    String prefix = "/openapi/v3/";
    return path.startsWith(prefix) ? document(path.substring(prefix.length())) : Optional.empty();
  }

  private JsonObject index() {
    JsonObject paths = new JsonObject();
    for (String root : roots()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("serverRelativeURL", "/openapi/v3/" + root);
      paths.add(root, entry);
    }
    JsonObject index = new JsonObject();
    index.add("paths", paths);
    return index;
  }

  private Set<String> roots() {
    Set<String> roots = new LinkedHashSet<>();
    registry.all().forEach(type -> roots.add(root(type)));
    return roots;
  }

  private Optional<Reply> document(String root) {
    JsonObject paths = new JsonObject();
    JsonObject schemas = new JsonObject();
    for (ResourceType type : registry.all()) {
      if (root(type).equals(root)) {
        String scope = type.is(Trait.NAMESPACED) ? "/namespaces/{namespace}/" : "/";
        paths.add("/" + root + scope + type.names().plural() + "/{name}", path(type));
        if (type.form().schema() != null) {
          JsonObject schema = type.form().schema().deepCopy();
          schema.add("x-kubernetes-group-version-kind", kinds(type));
          schemas.add(type.qualified() + "." + type.version(), schema);
        }
      }
    }
    if (paths.isEmpty()) {
      return Optional.empty();
    }
    JsonObject info = new JsonObject();
    info.addProperty("title", "Kubernetes");
    info.addProperty("version", Discovery.KUBERNETES_VERSION);
    JsonObject document = new JsonObject();
    document.addProperty("openapi", "3.0.0");
    document.add("info", info);
    document.add("paths", paths);
    JsonObject components = new JsonObject();
    components.add("schemas", schemas);
    document.add("components", components);
    return Optional.of(Reply.json(200, document));
  }

  private static JsonObject path(ResourceType type) {
    JsonObject schema = new JsonObject();
    schema.addProperty("type", "string");
    JsonObject parameter = new JsonObject();
    parameter.addProperty("name", "fieldValidation");
    parameter.addProperty("in", "query");
    parameter.add("schema", schema);
    JsonArray parameters = new JsonArray();
    parameters.add(parameter);
    JsonObject patch = new JsonObject();
    patch.add("parameters", parameters);
    patch.add("responses", new JsonObject());
    patch.add("x-kubernetes-group-version-kind", kinds(type).get(0));
    JsonObject path = new JsonObject();
    path.add("patch", patch);
    return path;
  }

  private static JsonArray kinds(ResourceType type) {
    JsonObject kind = new JsonObject();
    kind.addProperty("group", type.group());
    kind.addProperty("kind", type.names().kind());
    kind.addProperty("version", type.version());
    JsonArray kinds = new JsonArray();
    kinds.add(kind);
    return kinds;
  }

  private static String root(ResourceType type) {
    return (type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion();
  }
}
