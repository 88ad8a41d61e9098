// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.queue.KeyedQueue;
import io.nodeqos.queue.RetryDelays;
import io.nodeqos.telemetry.metrics.Metrics;
import io.nodeqos.time.TimeSource;

/** The queues of the simulated controller, by what their keys name. */
final class SimulatedQueues {
  final KeyedQueue nodes;
  final KeyedQueue policies;
  final KeyedQueue spinners;
  final KeyedQueue revisions;
  final KeyedQueue rollouts;
  final KeyedQueue fanOut;

  SimulatedQueues(RetryDelays retry, TimeSource time, Metrics metrics) {
    nodes = new KeyedQueue(retry, time, metrics.workQueue("nodes"));
    policies = new KeyedQueue(retry, time, metrics.workQueue("policies"));
    spinners = new KeyedQueue(retry, time, metrics.workQueue("spinners"));
    revisions = new KeyedQueue(retry, time, metrics.workQueue("revisions"));
    rollouts = new KeyedQueue(retry, time, metrics.workQueue("rollouts"));
    fanOut = new KeyedQueue(retry, time, metrics.workQueue("fanout"));
  }
}
