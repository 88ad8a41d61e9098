// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.gate.BootEvidence;
import io.nodeqos.gate.ImageEvidence;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.ImagePlan;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.spec.PolicySpec.Images;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether a node is to pull images now: it then gets the label {@link Keys#IMAGES}, by
 * which a spinner DaemonSet selects nodes. The limit of nodes at a time is not applied here.
 */
final class ImagePlanner {
  private ImagePlanner() {}

  static ImagePlan plan(Observation seen) {
    NodeView node = seen.node();
    CompiledConfig config = seen.config();
    Optional<ImageEvidence> evidence =
        ImageEvidence.of(
            new BootEvidence(node, seen.memory().boot(), seen.now()), seen.reserved(), config);
    if (evidence.isEmpty()) {
      // A node that no policy selects any more loses only the label, which would hold a slot.
      return ImagePlan.of(
          MetadataChange.removal(
              node,
              Set.of(Keys.IMAGES),
              config.isManaged() ? Set.of(Keys.IMAGES_PRESENT) : Set.of()));
    }
    if (!evidence.get().wantsPull()) {
      return present(node, evidence.get(), config);
    }
    return evidence.get().unsupported().isEmpty() && mayPull(seen)
        ? ImagePlan.pulling(node, seen.puller().key())
        : ImagePlan.of(withoutLabel(node));
  }

  /**
   * Removes the label and records the evidence, because the pod that proves it goes with the label.
   */
  private static ImagePlan present(NodeView node, ImageEvidence evidence, CompiledConfig config) {
    boolean pulls = config.sections().images().filter(i -> !i.pulled().isEmpty()).isPresent();
    boolean noted = evidence.proof().equals(node.annotations().get(Keys.IMAGES_PRESENT));
    ImagePlan plan = ImagePlan.of(withoutLabel(node));
    return pulls && !noted ? plan.withProof(evidence.proof()) : plan;
  }

  /**
   * A node that is not Ready starts no pods, and would keep other nodes waiting; without the
   * DaemonSet no image would be pulled. A node that already has the label keeps it.
   */
  private static boolean mayPull(Observation seen) {
    if (!seen.puller().enabled()) {
      return false;
    }
    if (seen.puller().isFor(seen.node().labels().get(Keys.IMAGES))) {
      return true;
    }
    String version = seen.config().sections().images().map(Images::pullVersion).orElse("");
    return seen.puller().pulls(version)
        && seen.node().condition("Ready").filter(NodeCondition::isTrue).isPresent();
  }

  private static MetadataChange withoutLabel(NodeView node) {
    return MetadataChange.removal(node, Set.of(Keys.IMAGES), Set.of());
  }
}
