// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import java.time.Duration;

/** Follows a cluster through virtual time. */
public interface Progress {
  Progress NONE = passed -> {};

  /**
   * Is called now and then.
   *
   * @param passed virtual time since the cluster was restored
   */
  void at(Duration passed);
}
