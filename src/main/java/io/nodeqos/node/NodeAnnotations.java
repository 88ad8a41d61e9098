// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import java.util.Set;
import java.util.function.Predicate;

/**
 * The annotations of a Node that decisions read: the caches decode them, and a dump keeps them.
 *
 * @param extra keys outside {@link Keys#PREFIX} that the settings make this controller write
 */
public record NodeAnnotations(Set<String> extra) implements Predicate<String> {
  public NodeAnnotations {
    extra = Set.copyOf(extra);
  }

  @Override
  public boolean test(String key) {
    // That of Koordinator also when it is not published: it is removed then.
    return key.startsWith(Keys.PREFIX)
        || key.equals(Keys.KOORDINATOR_RESERVATION)
        || extra.contains(key);
  }
}
