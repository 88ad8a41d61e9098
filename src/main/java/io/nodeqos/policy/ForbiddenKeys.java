// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import io.nodeqos.node.Keys;
import java.util.Optional;
import java.util.Set;

/**
 * Label keys that a selector may not name, as this controller writes them itself: what a policy
 * makes of a node would change whether it selects the node, time and again.
 *
 * @param unless operators with which they may be named all the same
 * @param allowed in words
 */
record ForbiddenKeys(Set<String> keys, Set<String> unless, String allowed) {
  /** Of nodes. Other labels under the same prefix are set by others, and may be named. */
  static final ForbiddenKeys OF_NODES =
      new ForbiddenKeys(Keys.OWN_LABELS, Set.of(), "labels that this controller does not write");

  /** Of pods that pull images; to leave them out, which is done anyway, does no harm. */
  static final ForbiddenKeys OF_PODS =
      new ForbiddenKeys(
          Set.of(Keys.SPINNER, Keys.PULL_VERSION),
          Set.of("NotIn", "DoesNotExist"),
          "labels of pods other than those that pull images for this controller");

  /** Why the key may not be named with this operator; empty when it may. */
  Optional<String> problem(String key, String operator) {
    return keys.contains(key) && !unless.contains(operator)
        ? Optional.of(refused(key, allowed))
        : Optional.empty();
  }

  /** What is wrong with a value, for the end of a sentence that begins with its field. */
  static String refused(String value, String allowed) {
    return ": \"" + value + "\" is not allowed; allowed are " + allowed;
  }
}
