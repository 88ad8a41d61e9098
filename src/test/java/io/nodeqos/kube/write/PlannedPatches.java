// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.write;

import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.StatusChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The patches that a plan becomes, in the order of {@code PlanWriter}. */
public final class PlannedPatches {
  private PlannedPatches() {}

  /**
   * One patch.
   *
   * @param resource plural name, with its subresource
   */
  public record Patch(String resource, String body) {}

  public static List<Patch> of(NodePlan plan, Instant now) {
    List<Patch> patches = new ArrayList<>();
    boolean leaving = !plan.summary().leaving().isEmpty();
    if (leaving) {
      status(plan.status().removals(), now, patches);
    }
    MetadataChange metadata = plan.metadata();
    if (!metadata.isEmpty()) {
      patches.add(new Patch("nodes", PatchBodies.metadata("", metadata)));
    }
    status(leaving ? plan.status().additions() : plan.status(), now, patches);
    return patches;
  }

  private static void status(StatusChange change, Instant now, List<Patch> patches) {
    if (!change.isEmpty()) {
      patches.add(new Patch("nodes/status", PatchBodies.status("", change, now)));
    }
  }
}
