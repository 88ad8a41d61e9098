// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.Config;
import io.kubernetes.client.util.KubeConfig;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where address and credentials of the API server come from.
 *
 * @param kubeconfig empty for the service account of the pod that this runs in
 */
record ClientSource(Optional<Path> kubeconfig) {
  /** Tokens of credential plug-ins expire; a quarter of an hour is the shortest in common use. */
  private static final Duration TOKEN_REFRESH = Duration.ofMinutes(5);

  /**
   * Finds it: the file that the user names, else the pod's service account, else the first existing
   * file of {@code KUBECONFIG}, else {@code ~/.kube/config}.
   *
   * @throws ClientConfigException with a sentence on what was tried
   */
  static ClientSource find(Optional<Path> named, Map<String, String> environment, Path tokenFile)
      throws ClientConfigException {
    if (named.isPresent()) {
      if (!Files.isReadable(named.get())) {
        throw new ClientConfigException(
            "The kubeconfig " + named.get() + " does not exist or cannot be read.");
      }
      return new ClientSource(named);
    }
    if (environment.containsKey(Config.ENV_SERVICE_HOST) && Files.isReadable(tokenFile)) {
      return new ClientSource(Optional.empty());
    }
    List<Path> candidates = candidates(environment);
    for (Path candidate : candidates) {
      if (Files.isReadable(candidate)) {
        return new ClientSource(Optional.of(candidate));
      }
    }
    throw new ClientConfigException(
        "No API server is configured: tried the service account of a pod (%s and %s)%s. Name a kubeconfig with --kubeconfig or KUBECONFIG."
            .formatted(
                Config.ENV_SERVICE_HOST,
                tokenFile,
                candidates.isEmpty() ? "" : " and the kubeconfig " + join(candidates)));
  }

  private static String join(List<Path> paths) {
    return String.join(" and ", paths.stream().map(Path::toString).toList());
  }

  private static List<Path> candidates(Map<String, String> environment) {
    List<Path> candidates = new ArrayList<>();
    String list = environment.getOrDefault(Config.ENV_KUBECONFIG, "");
    for (String file : list.split(File.pathSeparator, -1)) {
      if (!file.isBlank()) {
        candidates.add(Path.of(file));
      }
    }
    String home = environment.getOrDefault("HOME", "");
    // As for kubectl, KUBECONFIG replaces the default file, it does not add to it.
    if (candidates.isEmpty() && !home.isEmpty()) {
      candidates.add(Path.of(home, KubeConfig.KUBEDIR, KubeConfig.KUBECONFIG));
    }
    return candidates;
  }

  /** For the log. */
  String describe() {
    return kubeconfig.map(file -> "kubeconfig " + file).orElse("the pod's service account");
  }

  /** Reads address and credentials afresh. */
  ClientBuilder builder() throws ClientConfigException {
    try {
      return kubeconfig.isEmpty() ? ClientBuilder.cluster() : ofFile(kubeconfig.get());
    } catch (IOException | RuntimeException e) {
      // The library throws whatever comes up, a NullPointerException for a missing context.
      throw new ClientConfigException(
          "Cannot use %s: %s."
              .formatted(
                  describe(),
                  e.getMessage() == null
                      ? "its current context names no cluster with a server"
                      : e.getMessage()),
          e);
    }
  }

  private static ClientBuilder ofFile(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file)) {
      KubeConfig config = KubeConfig.loadKubeConfig(reader);
      // Certificate files are named relative to it.
      config.setFile(file.toFile());
      return ClientBuilder.kubeconfig(config, TOKEN_REFRESH);
    }
  }
}
