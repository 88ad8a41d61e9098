// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.warmup;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.AuditLog;
import io.nodeqos.e2e.rig.Installation;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The permissions of the installed roles. */
final class Granted {
  private Granted() {}

  /** Verb and resource, and by the Role of which namespace if by one, as the server has them. */
  static Set<String> all(Installation installation) {
    Set<String> all = new TreeSet<>();
    add(all, installation.get("clusterrole", Installation.NAME), "");
    add(all, installation.get("role", Installation.NAME), " of " + Installation.NAMESPACE);
    add(all, installation.eventsRole(), " of " + Installation.EVENTS_NAMESPACE);
    return all;
  }

  /** The used permissions, in the same notation: that for all namespaces where there is one. */
  static Set<String> used(AuditLog audit, Installation installation) {
    Set<String> ofRoles = Set.of(Installation.NAMESPACE, Installation.EVENTS_NAMESPACE);
    Set<String> everywhere = new TreeSet<>();
    add(everywhere, installation.get("clusterrole", Installation.NAME), "");
    return audit.entries().stream()
        .map(
            e -> {
              String used = e.verb() + " " + e.resource();
              return ofRoles.contains(e.namespace()) && !everywhere.contains(used)
                  ? used + " of " + e.namespace()
                  : used;
            })
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void add(Set<String> all, JsonObject role, String where) {
    for (JsonElement rule : role.getAsJsonArray("rules")) {
      for (JsonElement resource : rule.getAsJsonObject().getAsJsonArray("resources")) {
        for (JsonElement verb : rule.getAsJsonObject().getAsJsonArray("verbs")) {
          all.add(verb.getAsString() + " " + resource.getAsString() + where);
        }
      }
    }
  }
}
