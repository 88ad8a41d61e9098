// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election;

/** What became of the wish to give the Lease back. */
public enum ReleaseResult {
  /** The Lease has no holder: another replica can lead at once. */
  RELEASED,
  /** This process did not hold it. */
  NOT_HELD,
  /** Not within the time: the Lease has to run out. */
  FAILED
}
