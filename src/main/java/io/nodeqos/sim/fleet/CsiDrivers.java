// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import java.util.List;
import java.util.Set;

/**
 * The CSI drivers that register on a node.
 *
 * @param names of the drivers
 * @param agents the DaemonSets whose pods register them; empty for any
 */
public record CsiDrivers(List<String> names, Set<String> agents) {
  public CsiDrivers {
    names = List.copyOf(names);
    agents = Set.copyOf(agents);
  }

  List<String> registeredBy(String daemonSet) {
    return agents.isEmpty() || agents.contains(daemonSet) ? names : List.of();
  }
}
