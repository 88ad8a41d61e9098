// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.snapshot;

import java.util.List;

/**
 * A value that was read, perhaps not all of it.
 *
 * @param missing a sentence without a full stop for each part that could not be read
 */
public record Reading<V>(V value, List<String> missing) {
  public Reading {
    missing = List.copyOf(missing);
  }
}
