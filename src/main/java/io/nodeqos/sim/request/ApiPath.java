// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.request;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A request path below {@code /api/v1} or {@code /apis/GROUP/VERSION}. Absent parts are "".
 *
 * @param name the object's name, "" for the collection
 */
public record ApiPath(
    String group,
    String version,
    String resource,
    String namespace,
    String name,
    String subresource) {

  /** The parts; empty for a path that leads to no resource (discovery, health). */
  public static Optional<ApiPath> parse(String path) {
    List<String> parts = Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).toList();
    if (parts.size() >= 3 && parts.get(0).equals("api")) {
      return resource("", parts.get(1), parts.subList(2, parts.size()));
    }
    if (parts.size() >= 4 && parts.get(0).equals("apis")) {
      return resource(parts.get(1), parts.get(2), parts.subList(3, parts.size()));
    }
    return Optional.empty();
  }

  private static Optional<ApiPath> resource(String group, String version, List<String> parts) {
    boolean ofNamespaceItself =
        parts.size() == 3 && (parts.get(2).equals("status") || parts.get(2).equals("finalize"));
    if (parts.get(0).equals("namespaces") && parts.size() >= 3 && !ofNamespaceItself) {
      return build(group, version, parts.get(1), parts.subList(2, parts.size()));
    }
    return build(group, version, "", parts);
  }

  private static Optional<ApiPath> build(
      String group, String version, String namespace, List<String> parts) {
    if (parts.size() > 3) {
      return Optional.empty();
    }
    return Optional.of(
        new ApiPath(
            group,
            version,
            parts.get(0),
            namespace,
            parts.size() > 1 ? parts.get(1) : "",
            parts.size() > 2 ? parts.get(2) : ""));
  }
}
