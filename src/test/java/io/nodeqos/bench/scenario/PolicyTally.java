// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.scenario;

import io.nodeqos.e2e.rig.AuditLog.Entry;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** What the server's audit log says of writes to policies and their revisions. */
public final class PolicyTally implements Consumer<Entry> {
  private Optional<Instant> last = Optional.empty();
  private long statusWrites;
  private long otherWrites;

  @Override
  public void accept(Entry entry) {
    boolean ours =
        entry.resource().startsWith("nodeqospolicies")
            || entry.resource().equals("controllerrevisions");
    if (!ours || !entry.accepted() || entry.verb().matches("get|list|watch")) {
      return;
    }
    if (entry.resource().equals("nodeqospolicies/status")) {
      statusWrites++;
    } else {
      otherWrites++;
    }
    if (last.isEmpty() || entry.completed().isAfter(last.get())) {
      last = Optional.of(entry.completed());
    }
  }

  /** Accepted writes to the status of policies. */
  long statusWrites() {
    return statusWrites;
  }

  /** Accepted writes to policies without their status, and to revisions. */
  long otherWrites() {
    return otherWrites;
  }

  /** When the last of them was carried out. */
  Optional<Instant> last() {
    return last;
  }
}
