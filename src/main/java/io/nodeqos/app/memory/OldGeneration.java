// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.memory;

/** The objects that have outlived collections of the young ones. Thread-safe. */
interface OldGeneration {
  /** Bytes in use, with those of dead objects. */
  long used();

  /** Bytes in use at the end of the last full collection; 0 before the first. */
  long usedAfterCollection();

  /** Collects the whole heap. Returns at its end. */
  void collect();
}
