// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.Taint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The startup taint of a policy. The key alone says whose it is, so that one with another effect is
 * the same taint. All others stay as they are, unknown fields and order included.
 */
record StartupTaint(String key) {
  boolean isOn(NodeView node) {
    return node.taints().stream().anyMatch(t -> t.key().equals(key));
  }

  /** The node's taints without it; empty when it is not among them. */
  Optional<List<Taint>> takenOff(NodeView node) {
    return isOn(node)
        ? Optional.of(node.taints().stream().filter(t -> !t.key().equals(key)).toList())
        : Optional.empty();
  }

  /** The node's taints with it; empty when it is among them already. */
  Optional<List<Taint>> putOn(NodeView node) {
    if (isOn(node)) {
      return Optional.empty();
    }
    List<Taint> all = new ArrayList<>(node.taints());
    all.add(Taint.of(key, Keys.STARTUP_TAINT_EFFECT));
    return Optional.of(all);
  }
}
