// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.telemetry;

/** Upper bounds of histogram buckets, in seconds. */
final class Buckets {
  /** One call or one piece of work: a millisecond to a minute. */
  static final double[] CALL = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
  };

  /** Waiting for a worker: a tenth of a millisecond to half an hour. */
  static final double[] WAIT = {
    0.0001, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800
  };

  /** Getting a node warm: seconds to hours. */
  static final double[] WARM_UP = {1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 14400};

  /** Nobody leads: a tenth of a second to a few lease durations. */
  static final double[] FAILOVER = {0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 16, 20, 30, 60};

  private Buckets() {}
}
