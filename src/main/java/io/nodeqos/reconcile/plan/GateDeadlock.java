// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.gate.Blocker;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** DaemonSets whose pods a gate waits for while the startup taint keeps them off the node. */
public final class GateDeadlock {
  private static final int MAX_NAMES = 10;

  private GateDeadlock() {}

  /** Names of the DaemonSets, in order, each once. */
  static List<String> of(List<Blocker> blockers) {
    return blockers.stream()
        .filter(Blocker::isDeadlock)
        .map(Blocker::object)
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * One sentence.
   *
   * @param daemonSets names with their namespaces, in the order of the sentence
   */
  public static String sentence(Collection<String> daemonSets) {
    if (daemonSets.size() == 1) {
      return "DaemonSet "
          + daemonSets.iterator().next()
          + " does not tolerate the startup taint, which stays until its pod is Ready. Add a"
          + " toleration, or take the DaemonSet out of the gate reservedPods.";
    }
    int more = daemonSets.size() - MAX_NAMES;
    return "DaemonSets "
        + daemonSets.stream().limit(MAX_NAMES).collect(Collectors.joining(", "))
        + (more > 0 ? " and " + more + " more" : "")
        + " do not tolerate the startup taint, which stays until their pods are Ready. Add"
        + " tolerations, or take the DaemonSets out of the gate reservedPods.";
  }
}
