// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import io.nodeqos.node.Keys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The settings {@code kubernetes.*} and {@code reservedNamespaces}.
 *
 * @param kubeconfig a kubeconfig named by the user; empty to look in the usual places
 * @param timeouts of the connections
 * @param cache of the lists and watches
 * @param writeRate of all writes together
 * @param reservedNamespaces names that are reserved without the label
 * @param extraAnnotations keys of Node annotations outside {@code nodeqos.io/} that this controller
 *     writes, and so must see
 */
public record KubeSettings(
    Optional<Path> kubeconfig,
    Timeouts timeouts,
    Cache cache,
    WriteRate writeRate,
    Set<String> reservedNamespaces,
    Set<String> extraAnnotations) {

  /**
   * Timeouts of HTTP.
   *
   * @param connect of one attempt to open a connection
   * @param call of a whole write, and of a read that is not a list or a watch
   * @param ping period of HTTP/2 pings: a dead connection is noticed within it
   */
  public record Timeouts(Duration connect, Duration call, Duration ping) {}

  /**
   * How lists and watches are made.
   *
   * @param pageLimit objects a page
   * @param listIdle a list that receives no byte for so long has failed
   * @param watchTimeout the timeout of a watch that the server is asked to keep; each is lengthened
   *     by a random part, up to double
   * @param watchIdle a watch that receives no byte for so long is closed and resumed. The server
   *     sends a bookmark each minute
   */
  public record Cache(
      int pageLimit, Duration listIdle, Duration watchTimeout, Duration watchIdle) {}

  /**
   * The write limit of this process.
   *
   * @param perSecond the highest rate; halved each time the server says it is overloaded
   * @param burst writes that may be made at once after a pause
   */
  public record WriteRate(int perSecond, int burst) {}

  public KubeSettings {
    reservedNamespaces = Set.copyOf(reservedNamespaces);
    extraAnnotations = Set.copyOf(extraAnnotations);
  }

  public static KubeSettings defaults() {
    return new KubeSettings(
        Optional.empty(),
        new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10)),
        new Cache(500, Duration.ofSeconds(60), Duration.ofMinutes(5), Duration.ofSeconds(130)),
        new WriteRate(500, 100),
        Set.of("kube-system"),
        Set.of());
  }

  /** The same with one more annotation to see; one of our own prefix is seen anyway. */
  public KubeSettings withAnnotation(String key) {
    if (key.startsWith(Keys.PREFIX)) {
      return this;
    }
    Set<String> keys = new HashSet<>(extraAnnotations);
    keys.add(key);
    return new KubeSettings(
        kubeconfig, timeouts, cache, writeRate, reservedNamespaces, Set.copyOf(keys));
  }

  /** The same with a kubeconfig named by the user. */
  public KubeSettings withKubeconfig(Optional<Path> path) {
    return new KubeSettings(path, timeouts, cache, writeRate, reservedNamespaces, extraAnnotations);
  }
}
