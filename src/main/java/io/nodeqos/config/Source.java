// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One source of values. */
interface Source {
  /** The value for a key, if this source has one. */
  Optional<RawValue> find(String key);

  /** Sentences about names in this source that no setting has. */
  List<String> unknown(Set<String> known);

  /** Sentences about parts that cannot be read at all. */
  List<String> problems();
}
