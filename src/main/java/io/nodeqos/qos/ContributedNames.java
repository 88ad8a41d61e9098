// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names of the sections and extended resources that a worker has contributed to any node since the
 * start of this process. Nodes may carry more of them, from before a restart. Thread-safe.
 */
final class ContributedNames {
  /** Beyond this number further names of a worker are not remembered. */
  private static final int MAX_NAMES = 1_000;

  private final Set<String> sections = ConcurrentHashMap.newKeySet();
  private final Set<String> resources = ConcurrentHashMap.newKeySet();

  void add(Contribution contribution) {
    add(sections, contribution.config().keySet());
    add(resources, contribution.extendedResources().keySet());
  }

  private static void add(Set<String> known, Set<String> names) {
    if (known.size() < MAX_NAMES) {
      known.addAll(names);
    }
  }

  boolean hasSection(String name) {
    return sections.contains(name);
  }

  boolean hasResource(String name) {
    return resources.contains(name);
  }
}
