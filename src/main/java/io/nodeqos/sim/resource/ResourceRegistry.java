// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.resource;

import io.nodeqos.sim.model.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The resources that are served now: the built-in ones and those of CRDs. Thread-safe. */
public final class ResourceRegistry {
  private final Map<String, ResourceType> types = new LinkedHashMap<>();

  public ResourceRegistry(List<ResourceType> builtIn) {
    builtIn.forEach(type -> types.put(key(type.group(), type.version(), plural(type)), type));
  }

  synchronized Optional<ResourceType> find(String group, String version, String plural) {
    return Optional.ofNullable(types.get(key(group, version, plural)));
  }

  synchronized List<ResourceType> all() {
    return List.copyOf(types.values());
  }

  /** Replaces all versions of a custom resource; an empty collection withdraws it. */
  synchronized void replaceCustom(String group, String plural, Collection<ResourceType> versions) {
    for (ResourceType type : new ArrayList<>(types.values())) {
      if (type.is(ResourceType.Trait.CUSTOM) && type.is(group, plural)) {
        types.remove(key(type.group(), type.version(), plural(type)));
      }
    }
    versions.forEach(type -> types.put(key(type.group(), type.version(), plural(type)), type));
  }

  private static String plural(ResourceType type) {
    return type.names().plural();
  }

  private static String key(String group, String version, String plural) {
    return group + "/" + version + "/" + plural;
  }
}
