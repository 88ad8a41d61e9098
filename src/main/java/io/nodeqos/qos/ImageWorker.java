// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import io.nodeqos.node.ImageName;
import io.nodeqos.policy.spec.Section;
import java.util.Map;
import java.util.Optional;

/** Publishes the images of a node, with full names, for node agents. */
public final class ImageWorker implements QosWorker {
  @Override
  public String name() {
    return "image";
  }

  @Override
  public int order() {
    return 30;
  }

  @Override
  public Contribution plan(WorkerInput input) {
    return input
        .config()
        .sections()
        .images()
        .map(
            images ->
                new Contribution(
                    Map.of(
                        Section.IMAGES.field(),
                        images.refs().stream().map(ImageName::normalized).toList()),
                    Map.of(),
                    Optional.empty()))
        .orElse(Contribution.NONE);
  }
}
