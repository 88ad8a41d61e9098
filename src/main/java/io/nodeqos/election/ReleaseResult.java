// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

/** The result of a release of the Lease. */
public enum ReleaseResult {
  /** The Lease has no holder: another replica can lead at once. */
  RELEASED,
  /** This process did not hold it. */
  NOT_HELD,
  /** Not within the timeout: the Lease has to expire. */
  FAILED
}
