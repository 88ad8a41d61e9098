// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.resource;

import com.google.gson.JsonObject;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ObjectKey;
import io.nodeqos.sim.model.ResourceType;
import io.nodeqos.sim.request.ApiPath;
import io.nodeqos.sim.rules.MetadataRules;
import io.nodeqos.sim.store.ListSnapshots;
import io.nodeqos.sim.store.ObjectStore;
import java.util.List;

/** The resources of a cluster over one store, as they are after the start of a kube-apiserver. */
public final class ClusterResources {
  private static final List<String> NAMESPACES =
      List.of("default", "kube-system", "kube-public", "kube-node-lease");

  private final ObjectStore store;
  private final ResourceRegistry registry;
  private final ResourceEndpoint endpoint;

  private ClusterResources(
      ObjectStore store, ResourceRegistry registry, ResourceEndpoint endpoint) {
    this.store = store;
    this.registry = registry;
    this.endpoint = endpoint;
  }

  /** With the four standard namespaces. */
  public static ClusterResources of(
      ObjectStore store,
      ListSnapshots snapshots,
      MetadataRules metadata,
      ResourceEndpoint.Settings settings) {
    ResourceRegistry registry = new ResourceRegistry(BuiltInResources.all());
    CustomResources custom = new CustomResources(store, registry, metadata);
    ResourceWriter writer = new ResourceWriter(store, metadata, custom);
    NAMESPACES.forEach(name -> create(writer, name));
    // As after a start of a kube-apiserver, whose watch cache starts with the present state.
    store.compact();
    return new ClusterResources(
        store,
        registry,
        new ResourceEndpoint(
            registry,
            store,
            new ResourceReader(store, snapshots),
            writer,
            new ResourceDeleter(store, registry, metadata, custom),
            settings));
  }

  private static void create(ResourceWriter writer, String namespace) {
    JsonObject object = new JsonObject();
    object.addProperty("kind", "Namespace");
    object.addProperty("apiVersion", "v1");
    Json.childObject(object, "metadata").addProperty("name", namespace);
    writer.create(
        BuiltInResources.NAMESPACES,
        new ObjectKey("", ""),
        object,
        new ResourceWriter.Options(false, false));
  }

  public ResourceEndpoint endpoint() {
    return endpoint;
  }

  public ResourceRegistry registry() {
    return registry;
  }

  /**
   * Stores an object as it was in another cluster, with its uid and times; only its resourceVersion
   * is new. Replaces one of that name.
   */
  public void restore(ApiPath collection, JsonObject object) {
    ResourceType type = type(collection);
    ObjectKey key =
        new ObjectKey(
            Json.string(object, "metadata", "namespace"), Json.string(object, "metadata", "name"));
    store
        .get(type.storage(), key)
        .ifPresentOrElse(
            present -> store.replace(type, present, object), () -> store.create(type, key, object));
  }

  /** The name of the collection in the store. */
  public String storage(ApiPath collection) {
    return type(collection).storage();
  }

  private ResourceType type(ApiPath collection) {
    return registry
        .find(collection.group(), collection.version(), collection.resource())
        .orElseThrow(() -> new IllegalArgumentException("not served: " + collection));
  }
}
