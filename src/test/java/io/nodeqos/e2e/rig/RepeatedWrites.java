// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

import io.nodeqos.e2e.rig.AuditLog.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Accepted writes with the content of an earlier write to the same Node, by any leader. For Nodes
 * that get warm once and stay so, whose configurations never come back: each wants one write of
 * metadata for each configuration and one of its status.
 */
final class RepeatedWrites {
  private RepeatedWrites() {}

  static List<Entry> of(List<Entry> writes) {
    List<Entry> repeated = new ArrayList<>();
    Set<String> reported = new HashSet<>();
    for (Entry write : writes) {
      String version = write.text("metadata", "labels", "nodeqos.io/config-version");
      if (write.accepted()
          && !reported.add(write.resource() + " " + write.name() + " " + version)) {
        repeated.add(write);
      }
    }
    return repeated;
  }
}
