// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy.spec;

import io.nodeqos.node.Keys;
import java.util.Optional;
import java.util.Set;

/**
 * Label keys that a selector must not name, because this controller writes them itself: the effect
 * of a policy on a node would repeatedly change whether the policy selects the node.
 *
 * @param unless operators with which they are allowed
 * @param allowed description of the allowed keys
 */
record ForbiddenKeys(Set<String> keys, Set<String> unless, String allowed) {
  /** For nodes. Other writers set the other labels under the same prefix, which are allowed. */
  static final ForbiddenKeys OF_NODES =
      new ForbiddenKeys(Keys.OWN_LABELS, Set.of(), "labels that this controller does not write");

  /** For pods that pull images; a selector may exclude them, which the gate does anyway. */
  static final ForbiddenKeys OF_PODS =
      new ForbiddenKeys(
          Set.of(Keys.SPINNER, Keys.PULL_VERSION),
          Set.of("NotIn", "DoesNotExist"),
          "labels of pods other than those that pull images for this controller");

  /** Why the key is not allowed with this operator; empty when it is allowed. */
  Optional<String> problem(String key, String operator) {
    return keys.contains(key) && !unless.contains(operator)
        ? Optional.of(refused(key, allowed))
        : Optional.empty();
  }

  /** The mistake of a value, as the end of a sentence that starts with its field. */
  static String refused(String value, String allowed) {
    return ": \"" + value + "\" is not allowed; allowed are " + allowed;
  }
}
