// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

/** Replaces a plug-in that could not be loaded, so that its status is visible. */
record UnloadablePlugin(String name, PluginProblem problem) implements QosWorker {
  @Override
  public int order() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void start() {
    throw problem;
  }

  @Override
  public Contribution plan(WorkerInput input) {
    throw problem;
  }
}
