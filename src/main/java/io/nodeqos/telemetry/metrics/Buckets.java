// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry.metrics;

/** Upper bounds of histogram buckets; in seconds unless noted. */
final class Buckets {
  /** client-go's for its work queues, so that they add up with those of other controllers. */
  static final double[] WORK_QUEUE = {
    0.000001, 0.00001, 0.0001, 0.001, 0.01, 0.1, 1, 10, 100, 1_000
  };

  /** Those of Kubernetes' own components for their requests. */
  static final double[] REST_CLIENT = {0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60};

  /** One reconcile: mostly computing, or one or two requests. */
  static final double[] SYNC = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10};

  /** Pure computing: usually a tenth of a millisecond. */
  static final double[] WORKER = {0.0001, 0.001, 0.01, 0.1};

  /** The warm-up of a node: seconds to hours. */
  static final double[] WARM_UP = {1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400};

  /** A count per node. */
  static final double[] TIMES = {0, 1, 3, 10};

  /** Time without a leader: a quarter of a second to a few lease durations. */
  static final double[] FAILOVER = {0.25, 0.5, 1, 2, 5, 10, 15, 16, 20, 30, 60};

  private Buckets() {}
}
