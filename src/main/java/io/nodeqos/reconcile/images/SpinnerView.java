// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import io.nodeqos.node.SpinnerDaemonSet;
import java.util.Collection;
import java.util.Optional;

/** The spinner DaemonSets as the cache holds them: those with our label. Thread-safe. */
public interface SpinnerView {
  /** True once the caches have been filled: before, absence means nothing. */
  boolean synced();

  Optional<SpinnerDaemonSet> spinner(String daemonSetName);

  /** All of them, a snapshot. */
  Collection<SpinnerDaemonSet> spinners();
}
