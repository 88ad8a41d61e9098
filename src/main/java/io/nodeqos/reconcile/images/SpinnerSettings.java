// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import java.time.Duration;

/**
 * The settings {@code spinner.*}: how images are pulled.
 *
 * @param enabled whether images are pulled
 * @param namePrefix name prefix of the DaemonSets; with a policy's name of at most 40 characters
 *     the name is still short enough for the names and labels of pods (63)
 * @param pauseImage the image of the one container of a spinner pod
 * @param priorityClass priority class of spinner pods; empty for the cluster's default
 * @param maxConcurrentPulls the number of nodes that pull at a time
 * @param pullTimeout a node whose images are not pulled after this time makes room for a waiting
 *     node
 */
public record SpinnerSettings(
    boolean enabled,
    String namePrefix,
    String pauseImage,
    String priorityClass,
    ContainerResources resources,
    int maxConcurrentPulls,
    Duration pullTimeout) {

  /** Requests and limits of the container, as quantities. */
  public record ContainerResources(
      String cpuRequest, String memoryRequest, String cpuLimit, String memoryLimit) {}

  public static final SpinnerSettings DEFAULTS =
      new SpinnerSettings(
          true,
          "nodeqos-spinner-",
          "registry.k8s.io/pause:3.10.1",
          "",
          new ContainerResources("1m", "8Mi", "50m", "32Mi"),
          10,
          Duration.ofMinutes(10));
}
