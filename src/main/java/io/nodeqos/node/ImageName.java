// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Image references in the form in which container runtimes report them, so that {@code nginx} and
 * {@code docker.io/library/nginx:latest} are the same image (the familiar-name rules of the
 * distribution project's reference package).
 */
public final class ImageName {
  private ImageName() {}

  /** The full name: with registry host and tag; a digest makes a tag beside it redundant. */
  public static String normalized(String ref) {
    String name = ref;
    String suffix;
    int at = name.indexOf('@');
    if (at >= 0) {
      suffix = name.substring(at);
      name = name.substring(0, at);
    } else {
      suffix = "";
    }
    int colon = name.lastIndexOf(':');
    if (colon > name.lastIndexOf('/')) {
      suffix = suffix.isEmpty() ? name.substring(colon) : suffix;
      name = name.substring(0, colon);
    }
    return withHost(name) + (suffix.isEmpty() ? ":latest" : suffix);
  }

  private static String withHost(String name) {
    int slash = name.indexOf('/');
    String first = slash < 0 ? "" : name.substring(0, slash);
    if (first.contains(".") || first.contains(":") || first.equals("localhost")) {
      return first.equals("index.docker.io") ? "docker.io" + name.substring(slash) : name;
    }
    return "docker.io/" + (slash < 0 ? "library/" : "") + name;
  }

  /**
   * The references of which nothing proves that the node holds the image: neither its status nor a
   * container that has started there. The kubelet keeps the images of the containers of a pod for
   * as long as the pod has not finished.
   *
   * @return in the order of {@code refs}, as they are written there
   */
  public static List<String> missing(Collection<String> refs, NodeView node, List<PodView> pods) {
    if (refs.isEmpty()) {
      return List.of();
    }
    Set<String> present =
        node.status().images().stream().map(ImageName::normalized).collect(Collectors.toSet());
    for (PodView pod : pods) {
      if (!pod.finished()) {
        pod.images().forEach(image -> present.add(normalized(image)));
      }
    }
    return refs.stream().filter(ref -> !present.contains(normalized(ref))).toList();
  }
}
