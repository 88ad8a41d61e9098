// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import java.util.List;

/**
 * Takes the place of fields of a kubeconfig, as the flags of kubectl do. An empty field leaves the
 * kubeconfig as it is.
 *
 * @param context in place of current-context
 * @param cluster in place of that of the context
 * @param user in place of that of the context
 * @param as the impersonated user, in place of that of the user
 * @param asGroups the impersonated groups
 */
public record ConnectionOverrides(
    String context, String cluster, String user, String as, List<String> asGroups) {
  public static final ConnectionOverrides NONE = new ConnectionOverrides("", "", "", "", List.of());

  public ConnectionOverrides {
    asGroups = List.copyOf(asGroups);
  }

  /** Only a kubeconfig has contexts, clusters and users. */
  boolean needKubeconfig() {
    return !context.isEmpty() || !cluster.isEmpty() || !user.isEmpty();
  }
}
