// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import com.google.gson.JsonParser;
import io.nodeqos.sim.model.Json;
import java.util.List;

/**
 * The object that a request is about.
 *
 * @param collection path of the collection in all namespaces
 * @param name empty for a creation, unless its body is known
 */
record RequestTarget(String collection, String namespace, String name) {
  static RequestTarget of(String path) {
    List<String> parts = List.of(path.substring(1).split("/"));
    int at = parts.get(0).equals("api") ? 2 : 3;
    String prefix = "/" + String.join("/", parts.subList(0, at));
    String namespace = "";
    if (parts.get(at).equals("namespaces") && parts.size() > at + 2) {
      namespace = parts.get(at + 1);
      at += 2;
    }
    return new RequestTarget(
        prefix + "/" + parts.get(at), namespace, parts.size() > at + 1 ? parts.get(at + 1) : "");
  }

  /** The target with the name in the body when the path has none. */
  RequestTarget createdBy(String body) {
    return name.isEmpty()
        ? new RequestTarget(
            collection,
            namespace,
            Json.string(JsonParser.parseString(body).getAsJsonObject(), "metadata", "name"))
        : this;
  }

  /** The path of the object. */
  String item() {
    return collectionOfNamespace() + "/" + name;
  }

  /** The path of the collection in the namespace of the object. */
  String collectionOfNamespace() {
    int last = collection.lastIndexOf('/');
    return namespace.isEmpty()
        ? collection
        : collection.substring(0, last) + "/namespaces/" + namespace + collection.substring(last);
  }
}
