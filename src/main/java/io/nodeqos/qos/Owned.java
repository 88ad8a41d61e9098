// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a foreign worker has contributed in the life of this process, to any node: sections and
 * extended resources. While the worker is silent, that is what must stay on nodes. Thread-safe.
 */
final class Owned {
  /** One that makes up names without end is not followed any further. */
  private static final int MOST = 1_000;

  private final Set<String> sections = ConcurrentHashMap.newKeySet();
  private final Set<String> resources = ConcurrentHashMap.newKeySet();
  private volatile boolean known;

  void add(Contribution contribution) {
    sections.addAll(contribution.config().keySet());
    resources.addAll(contribution.extendedResources().keySet());
    known = sections.size() <= MOST && resources.size() <= MOST;
  }

  /** True as long as it has not answered: then nothing can be said not to be its own. */
  boolean section(String name) {
    return !known || sections.contains(name);
  }

  boolean resource(String name) {
    return !known || resources.contains(name);
  }
}
