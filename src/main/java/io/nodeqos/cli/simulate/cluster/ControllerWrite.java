// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import java.util.List;

/**
 * A write of the controller.
 *
 * @param resource plural name, with {@code /status} for that subresource
 * @param name of the object, empty for a creation
 */
public record ControllerWrite(String resource, String name, int code) {
  public static final String NODES = "nodes";
  public static final String NODE_STATUS = "nodes/status";

  public static ControllerWrite of(String method, String path, int code) {
    List<String> parts = List.of(path.substring(1).split("/"));
    int at = parts.get(0).equals("api") ? 2 : 3;
    if (parts.get(at).equals("namespaces") && parts.size() > at + 2) {
      at += 2;
    }
    boolean status = parts.size() > at + 2;
    return new ControllerWrite(
        parts.get(at) + (status ? "/status" : ""),
        method.equals("POST") || parts.size() <= at + 1 ? "" : parts.get(at + 1),
        code);
  }

  public boolean succeeded() {
    return code >= 200 && code < 300;
  }

  public boolean isOfNode() {
    return resource.equals(NODES) || resource.equals(NODE_STATUS);
  }
}
