// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import java.time.Duration;

/**
 * The settings {@code spinner.*}: how images are pulled.
 *
 * @param enabled whether any are
 * @param namePrefix of the DaemonSets; with a policy's name of at most 40 characters a name from
 *     which pods' names and labels can still be made (63)
 * @param pauseImage what the one container of a spinner pod runs
 * @param priorityClass of spinner pods; empty for the cluster's default
 * @param maxConcurrentPulls on how many nodes at a time
 * @param pullTimeout a node that has not got its images by then makes room for one that waits
 */
public record SpinnerSettings(
    boolean enabled,
    String namePrefix,
    String pauseImage,
    String priorityClass,
    Resources resources,
    int maxConcurrentPulls,
    Duration pullTimeout) {

  /** Of the container, as quantities: what it requests and what it may use. */
  public record Resources(
      String cpuRequest, String memoryRequest, String cpuLimit, String memoryLimit) {}

  public static final SpinnerSettings DEFAULTS =
      new SpinnerSettings(
          true,
          "nodeqos-spinner-",
          "registry.k8s.io/pause:3.10.1",
          "",
          new Resources("1m", "8Mi", "50m", "32Mi"),
          10,
          Duration.ofMinutes(10));
}
