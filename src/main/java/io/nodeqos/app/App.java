// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app;

import io.nodeqos.config.PodIdentity;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.config.ClientConfigException;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One controller process: starts its components from top to bottom of the list ({@link
 * Wiring#components}), waits, and stops them from bottom to top.
 */
public final class App {
  private static final Logger LOG = LoggerFactory.getLogger(App.class);

  private final List<Component> components;
  private final RunState state;
  private final StopStack stops = new StopStack();

  App(List<Component> components, RunState state) {
    this.components = List.copyOf(components);
    this.state = state;
  }

  /**
   * Builds a controller without starting it.
   *
   * @throws ClientConfigException when no usable API server is configured; the message is a
   *     sentence
   */
  public static App create(
      LiveSettings settings, KubeSettings kube, PodIdentity identity, String version)
      throws ClientConfigException {
    RunState state = new RunState();
    BaseWiring base = new BaseWiring(settings, kube, identity, version);
    return new App(new Wiring(base, state).components(), state);
  }

  /** Asks {@link #run} to stop. Returns at once; may be called from any thread, more than once. */
  public void stop() {
    state.askStop();
  }

  /**
   * Runs until {@link #stop} is called, and stops everything before it returns.
   *
   * @return false when this process lost the Lease with work still in flight: then the caller must
   *     exit without a wait
   * @throws IOException when an address cannot be listened on; the message is a sentence
   */
  public boolean run() throws IOException, InterruptedException {
    try {
      start();
      state.awaitStop();
      LOG.info("Stopping");
      return !state.isOverdue();
    } finally {
      state.askStop();
      if (!state.isOverdue()) {
        stops.stop();
      }
      LOG.info("Stopped");
    }
  }

  private void start() throws IOException, InterruptedException {
    for (Component component : components) {
      component.start();
      stops.push(component.name(), component::stop);
      if (state.isStopAsked()) {
        return;
      }
    }
  }
}
