// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import io.nodeqos.node.Keys;
import java.util.ArrayList;
import java.util.List;

/**
 * The meaning of an API path, without the names.
 *
 * @param resource the plural of the kind, with the subresource: {@code nodes/status}
 * @param template the path with a placeholder for each name
 */
public record ResourcePath(String resource, String template) {
  /** Of all policies. */
  public static final String POLICIES =
      "/apis/" + Keys.GROUP + "/" + Keys.API_VERSION + "/nodeqospolicies";

  /** Of the ControllerRevisions of a namespace. */
  public static String revisions(String namespace) {
    return "/apis/apps/v1/namespaces/" + namespace + "/controllerrevisions";
  }

  /**
   * Reads {@code /api/v1/...} or {@code /apis/<group>/<version>/...}; the address of a server can
   * have a path of its own before that.
   */
  static ResourcePath of(List<String> segments) {
    int api = Math.max(segments.indexOf("api"), segments.indexOf("apis"));
    int first = api < 0 ? segments.size() : api + (segments.get(api).equals("api") ? 2 : 3);
    boolean namespaced = segments.size() > first + 2 && segments.get(first).equals("namespaces");
    int kind = namespaced ? first + 2 : first;
    if (segments.size() <= kind) {
      return new ResourcePath("", "/" + String.join("/", segments));
    }
    List<String> template = new ArrayList<>(segments);
    if (namespaced) {
      template.set(first + 1, "{namespace}");
    }
    if (segments.size() > kind + 1) {
      template.set(kind + 1, "{name}");
    }
    String resource = segments.get(kind);
    return new ResourcePath(
        segments.size() > kind + 2 ? resource + "/" + segments.get(kind + 2) : resource,
        "/" + String.join("/", template));
  }
}
