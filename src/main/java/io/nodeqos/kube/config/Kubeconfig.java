// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The content of one kubeconfig, or of several together. Immutable.
 *
 * @param currentContext empty when none is named
 */
record Kubeconfig(
    String currentContext,
    Map<String, KubeconfigEntry> clusters,
    Map<String, KubeconfigEntry> users,
    Map<String, KubeconfigEntry> contexts) {

  /**
   * Merges files by the rules of {@code tools/clientcmd/loader.go} of client-go 1.37: of several
   * entries with one name the first counts, as a whole, and so does the first current-context that
   * is set.
   */
  static Kubeconfig merge(List<Kubeconfig> files) {
    Kubeconfig merged =
        new Kubeconfig("", new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    for (Kubeconfig file : files) {
      file.clusters.forEach(merged.clusters::putIfAbsent);
      file.users.forEach(merged.users::putIfAbsent);
      file.contexts.forEach(merged.contexts::putIfAbsent);
    }
    String current =
        files.stream()
            .map(Kubeconfig::currentContext)
            .filter(name -> !name.isEmpty())
            .findFirst()
            .orElse("");
    return new Kubeconfig(current, merged.clusters, merged.users, merged.contexts);
  }
}
