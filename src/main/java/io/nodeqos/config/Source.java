// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One place that values come from. */
interface Source {
  /** The value for a key, if it is given here. */
  Optional<RawValue> find(String key);

  /** Sentences about what is given here under names that no setting has. */
  List<String> unknown(Set<String> known);

  /** Sentences about what cannot be read at all. */
  List<String> problems();
}
