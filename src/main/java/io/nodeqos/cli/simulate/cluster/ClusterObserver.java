// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.events.QosEvent;
import io.nodeqos.sim.store.StoredEvent;

/** Sees what happens in a simulated cluster, at the moment when it happens. */
public interface ClusterObserver {
  ClusterObserver NONE =
      new ClusterObserver() {
        @Override
        public void nodeChanged(StoredEvent change) {}

        @Override
        public void wrote(ControllerWrite write) {}

        @Override
        public void published(QosEvent event) {}
      };

  void nodeChanged(StoredEvent change);

  void wrote(ControllerWrite write);

  void published(QosEvent event);
}
