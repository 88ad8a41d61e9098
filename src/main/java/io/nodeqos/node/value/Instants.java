// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.value;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Points in time that may be missing. */
public final class Instants {
  private Instants() {}

  /** The first of the present times; empty when none is present. */
  @SafeVarargs
  public static Optional<Instant> earliest(Optional<Instant>... times) {
    return Stream.of(times).flatMap(Optional::stream).min(Comparator.naturalOrder());
  }
}
