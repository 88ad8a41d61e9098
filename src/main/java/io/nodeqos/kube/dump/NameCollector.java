// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.SortedSet;
import java.util.TreeSet;

/** Finds the names in the members of a dump. */
final class NameCollector {
  private final SortedSet<String> names = new TreeSet<>();

  /** All names of nodes, pods, namespaces, DaemonSets, policies and replicas. */
  static SortedSet<String> collect(Spool spool, DumpInfo info) throws IOException {
    NameCollector collector = new NameCollector();
    collector.names.add(info.namespace());
    collector.names.addAll(info.reserved().keySet());
    for (String member : info.members().keySet()) {
      if (member.endsWith(DumpMembers.JSON)) {
        spool.read(member, object -> collector.object(member, object));
      }
    }
    return collector.names;
  }

  private void object(String member, JsonObject object) {
    switch (member) {
      case DumpMembers.REVISIONS, DumpMembers.SPINNERS -> {
        // Their names are made of those of policies.
      }
      case DumpMembers.HISTORY -> {
        add(object, "node");
        replica(text(object, "leader"));
      }
      case DumpMembers.LEASES -> replica(text(child(object, "spec"), "holderIdentity"));
      case DumpMembers.EVENTS -> {
        JsonObject regarding = child(object, "involvedObject");
        add(regarding, "name");
        add(regarding, "namespace");
        add(child(object, "metadata"), "namespace");
      }
      default -> {
        JsonObject metadata = child(object, "metadata");
        add(metadata, "name");
        add(metadata, "namespace");
        add(child(metadata, "labels"), "kubernetes.io/hostname");
        add(child(object, "spec"), "nodeName");
      }
    }
  }

  /** Of {@code pod_uid}. */
  private void replica(String identity) {
    names.add(identity.replaceFirst("_.*", ""));
  }

  private void add(JsonObject object, String field) {
    names.add(text(object, field));
  }

  private static String text(JsonObject object, String field) {
    JsonElement value = object.get(field);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
  }

  private static JsonObject child(JsonObject object, String field) {
    return object.get(field) instanceof JsonObject child ? child : new JsonObject();
  }
}
