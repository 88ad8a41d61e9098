// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.plan;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.SpinnerKey;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The decision about the images of a node.
 *
 * @param pull name of the policy whose images the node is to pull now; empty when there are no
 *     images to pull, or it cannot pull
 * @param change change of the label by which a spinner DaemonSet selects nodes
 * @param proof value of the annotation {@link Keys#IMAGES_PRESENT}: it is added to any other change
 *     of the metadata and never causes a write; empty when there is none to record
 * @param turn until when the node may pull if other nodes wait then; empty while it has no turn,
 *     which an admission decides
 */
public record ImagePlan(
    Optional<String> pull, MetadataChange change, Optional<String> proof, Optional<Instant> turn) {
  public static final ImagePlan NONE = of(MetadataChange.NONE);

  /** Nothing is to be pulled. */
  public static ImagePlan of(MetadataChange change) {
    return new ImagePlan(Optional.empty(), change, Optional.empty(), Optional.empty());
  }

  /** The node is to pull the images of a policy, and gets the label of its DaemonSet for it. */
  public static ImagePlan pulling(NodeView node, SpinnerKey spinner) {
    return new ImagePlan(
        Optional.of(spinner.policy()),
        spinner.text().equals(node.labels().get(Keys.IMAGES))
            ? MetadataChange.NONE
            : MetadataChange.label(Keys.IMAGES, spinner.text()),
        Optional.empty(),
        Optional.empty());
  }

  public ImagePlan withProof(String newProof) {
    return new ImagePlan(pull, change, Optional.of(newProof), turn);
  }

  /** The node waits for its turn: the label stays as it is. */
  public ImagePlan waiting() {
    return new ImagePlan(pull, MetadataChange.NONE, proof, turn);
  }

  /** The node makes room for another one. */
  public ImagePlan givingUp(NodeView node) {
    return new ImagePlan(
        pull, MetadataChange.removal(node, Set.of(Keys.IMAGES), Set.of()), proof, turn);
  }

  public ImagePlan withTurn(Optional<Instant> until) {
    return until.equals(turn) ? this : new ImagePlan(pull, change, proof, until);
  }

  /** This change and the other changes of the metadata, combined. */
  MetadataChange with(MetadataChange base) {
    MetadataChange all = base.plus(change);
    return all.isEmpty() || proof.isEmpty()
        ? all
        : all.withAnnotation(Keys.IMAGES_PRESENT, proof.get());
  }
}
