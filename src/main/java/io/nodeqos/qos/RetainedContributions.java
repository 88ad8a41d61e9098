// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import java.util.List;
import java.util.function.Predicate;

/**
 * Sections and resources that stay on a node because their plug-in worker does not answer. All
 * contributions of such a worker from before a restart are not known, so that everything stays that
 * does not belong to a worker that has answered.
 */
public final class RetainedContributions {
  private final List<ManagedWorker> silent;
  private final List<ManagedWorker> answering;

  RetainedContributions(List<ManagedWorker> silent, List<ManagedWorker> answering) {
    this.silent = List.copyOf(silent);
    this.answering = List.copyOf(answering);
  }

  public boolean isEmpty() {
    return silent.isEmpty();
  }

  /** False when no silent worker can answer before this process starts again. */
  public boolean mayAnswerLater() {
    return silent.stream().anyMatch(ManagedWorker::mayAnswer);
  }

  /** Whether a section of the annotation that no worker contributes now has to stay. */
  public boolean keepsSection(String name) {
    return stays(names -> names.hasSection(name));
  }

  /** Whether an extended resource that no worker contributes now has to stay. */
  public boolean keepsResource(String name) {
    return stays(names -> names.hasResource(name));
  }

  private boolean stays(Predicate<ContributedNames> has) {
    return silent.stream().map(ManagedWorker::contributed).anyMatch(has)
        || (!silent.isEmpty() && answering.stream().map(ManagedWorker::contributed).noneMatch(has));
  }

  /** The names of the workers that do not answer. */
  public List<String> workers() {
    return silent.stream().map(ManagedWorker::name).toList();
  }
}
