// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The source of address and credentials of the API server.
 *
 * @param kubeconfigs that exist, the most important first; empty for the service account of the pod
 *     that this runs in
 */
public record ClientSource(List<Path> kubeconfigs) {
  /** Where a pod's service account is mounted. */
  public static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  /**
   * Finds it: the file in the settings, else the pod's service account, else the existing files of
   * {@code KUBECONFIG}, else {@code ~/.kube/config}.
   *
   * @param serviceAccount where it is mounted
   * @throws ClientConfigException with a sentence that names the sources tried
   */
  public static ClientSource find(
      Optional<Path> named, Map<String, String> environment, Path serviceAccount)
      throws ClientConfigException {
    return find(named, environment, serviceAccount, ConnectionOverrides.NONE);
  }

  /**
   * As {@link #find(Optional, Map, Path)}; a context, cluster or user of a kubeconfig leaves out
   * the service account.
   */
  public static ClientSource find(
      Optional<Path> named,
      Map<String, String> environment,
      Path serviceAccount,
      ConnectionOverrides overrides)
      throws ClientConfigException {
    if (named.isPresent()) {
      if (!Files.isReadable(named.get())) {
        throw new ClientConfigException(
            "The kubeconfig " + named.get() + " does not exist or cannot be read.");
      }
      return new ClientSource(List.of(named.get()));
    }
    Path token = serviceAccount.resolve("token");
    if (environment.containsKey(ConnectionSettings.SERVICE_HOST)
        && Files.isReadable(token)
        && !overrides.needKubeconfig()) {
      return new ClientSource(List.of());
    }
    List<Path> candidates = candidates(environment);
    List<Path> existing = candidates.stream().filter(Files::exists).toList();
    if (!existing.isEmpty()) {
      return new ClientSource(existing);
    }
    throw new ClientConfigException(
        "No API server is configured: tried the service account of a pod (%s and %s)%s. Name a kubeconfig with --kubeconfig or KUBECONFIG."
            .formatted(
                ConnectionSettings.SERVICE_HOST,
                token,
                candidates.isEmpty() ? "" : " and the " + describe(candidates)));
  }

  private static List<Path> candidates(Map<String, String> environment) {
    List<Path> candidates = new ArrayList<>();
    String list = environment.getOrDefault("KUBECONFIG", "");
    for (String file : list.split(File.pathSeparator, -1)) {
      if (!file.isEmpty() && !candidates.contains(Path.of(file))) {
        candidates.add(Path.of(file));
      }
    }
    String home = environment.getOrDefault("HOME", "");
    // As with kubectl, KUBECONFIG replaces the default file and does not add to it.
    if (list.isEmpty() && !home.isEmpty()) {
      candidates.add(Path.of(home, ".kube", "config"));
    }
    return candidates;
  }

  private static String describe(List<Path> files) {
    return "kubeconfig " + String.join(" and ", files.stream().map(Path::toString).toList());
  }

  /**
   * Reads address and credentials.
   *
   * @throws ClientConfigException with a sentence that names the problem
   */
  public ConnectionSettings settings(Map<String, String> environment, Path serviceAccount)
      throws ClientConfigException {
    return settings(environment, serviceAccount, ConnectionOverrides.NONE);
  }

  /** As {@link #settings(Map, Path)}, with other fields of the kubeconfig. */
  public ConnectionSettings settings(
      Map<String, String> environment, Path serviceAccount, ConnectionOverrides overrides)
      throws ClientConfigException {
    return kubeconfigs.isEmpty()
        ? ConnectionSettings.ofPod(environment, serviceAccount).as(overrides)
        : ConnectionResolver.resolve(
            KubeconfigReader.read(kubeconfigs), describe(kubeconfigs), overrides, environment);
  }
}
