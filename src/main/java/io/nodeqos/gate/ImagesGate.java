// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.gate;

import io.nodeqos.node.ImageName;
import io.nodeqos.node.Reason;
import io.nodeqos.policy.PolicySpec.Images;
import java.util.List;

/** Opens when something proves of each image of the policy's images section that it is there. */
record ImagesGate() implements Gate {
  @Override
  public GateResult check(Subject subject) {
    List<String> refs = subject.config().sections().images().map(Images::refs).orElse(List.of());
    return GateResult.waiting(
        Reason.IMAGES_MISSING,
        ImageName.missing(refs, subject.node(), subject.reserved().pods()).stream()
            .map(ref -> new Blocker("image " + ref + " is missing", ref, subject.since()))
            .toList());
  }
}
