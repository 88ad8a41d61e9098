// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Image references as kubelets and container runtimes read them, so that {@code nginx}, {@code
 * docker.io/nginx} and {@code docker.io/library/nginx:latest} are the same image: the function
 * {@code ParseDockerRef} of {@code github.com/distribution/reference} v0.6.0, the version of
 * Kubernetes 1.37.
 */
public final class ImageName {
  private static final String DOCKER_HUB = "docker.io";
  private static final String LEGACY_DOCKER_HUB = "index.docker.io";
  private static final String OFFICIAL = "library/";
  private static final int MAX_PATH = 255;

  private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");

  private static final String LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
  private static final String HOST =
      "(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?";
  private static final String COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";

  /** Host, path, tag and digest; the digest with an algorithm of OCI and as long as it must be. */
  private static final Pattern FULL =
      Pattern.compile(
          HOST
              + "/(?<path>"
              + COMPONENT
              + "(?:/"
              + COMPONENT
              + ")*)(?::\\w[\\w.-]{0,127})?"
              + "(?:@(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}))?");

  private ImageName() {}

  /** False for a text that kubelets do not accept as an image: they report InvalidImageName. */
  public static boolean isReference(String text) {
    if (IDENTIFIER.matcher(text).matches()) {
      return false;
    }
    Matcher full = FULL.matcher(withHost(text));
    return full.matches() && full.group("path").length() <= MAX_PATH;
  }

  /**
   * The full name of an image: with host, and with a tag or a digest. A digest makes a tag beside
   * it redundant; without both the tag is {@code latest}.
   *
   * @param reference a valid reference, see {@link #isReference}; for other texts the result is
   *     undefined
   */
  public static String normalized(String reference) {
    String name = withHost(reference);
    int at = name.indexOf('@');
    String tagged = at < 0 ? name : name.substring(0, at);
    int colon = tagged.lastIndexOf(':');
    boolean hasTag = colon > tagged.lastIndexOf('/');
    if (at >= 0) {
      return (hasTag ? tagged.substring(0, colon) : tagged) + name.substring(at);
    }
    return hasTag ? name : name + ":latest";
  }

  private static String withHost(String reference) {
    int slash = reference.indexOf('/');
    String first = slash < 0 ? "" : reference.substring(0, slash);
    String host = DOCKER_HUB;
    String rest = reference;
    if (isHost(first)) {
      host = first.equals(LEGACY_DOCKER_HUB) ? DOCKER_HUB : first;
      rest = reference.substring(slash + 1);
    }
    boolean isOfficial = host.equals(DOCKER_HUB) && rest.indexOf('/') < 0;
    return host + "/" + (isOfficial ? OFFICIAL : "") + rest;
  }

  /** A path has no capitals: a part with capitals is a host. */
  private static boolean isHost(String first) {
    return first.equals("localhost")
        || first.indexOf('.') >= 0
        || first.indexOf(':') >= 0
        || !first.equals(first.toLowerCase(Locale.ROOT));
  }

  /**
   * The references without evidence that the node holds the image: neither its status nor a started
   * container. The kubelet keeps the images of the containers of a pod for as long as the pod has
   * not finished.
   *
   * @return in the order of {@code refs}, as written there
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
