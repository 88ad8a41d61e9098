// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import io.nodeqos.node.SpinnerDaemonSet;
import java.util.Collection;
import java.util.Optional;

/**
 * The spinner DaemonSets as the cache holds them: those with the label of this controller.
 * Thread-safe.
 */
public interface SpinnerView {
  /** True once the caches are filled: before that, absence is no evidence. */
  boolean synced();

  Optional<SpinnerDaemonSet> spinner(String daemonSetName);

  /** All of them, a snapshot. */
  Collection<SpinnerDaemonSet> spinners();
}
