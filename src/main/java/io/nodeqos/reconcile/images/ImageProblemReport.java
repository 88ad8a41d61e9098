// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.images;

import io.nodeqos.events.QosEvent;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.images.ImageProblems.Problem;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the problems that prevent a policy's images from being pulled, and reports new ones. */
public final class ImageProblemReport {
  private static final Logger LOG = LoggerFactory.getLogger(ImageProblemReport.class);

  private final ImageProblems problems;
  private final EventPublisher events;
  private final Consumer<String> policyChanged;

  /**
   * @param policyChanged receives the names of policies whose status may have changed
   */
  public ImageProblemReport(
      ImageProblems problems, EventPublisher events, Consumer<String> policyChanged) {
    this.problems = problems;
    this.events = events;
    this.policyChanged = policyChanged;
  }

  void found(PolicyObject policy, Problem problem) {
    if (problems.found(policy.meta(), problem)) {
      LOG.warn("{}", problem.message());
      events.policy(QosEvent.Type.WRITE_REFUSED, policy.meta(), problem.message());
      policyChanged.accept(policy.name());
    }
  }

  void solved(String policy) {
    if (problems.solved(policy)) {
      policyChanged.accept(policy);
    }
  }
}
