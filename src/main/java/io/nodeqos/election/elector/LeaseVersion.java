// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import java.util.Comparator;

/**
 * Order of resourceVersions, decimal numbers of any length (KEP-5504). A version that is not a
 * number has no order: an event with it proves nothing.
 */
final class LeaseVersion {

  private static final Comparator<String> BY_VALUE =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  private LeaseVersion() {}

  /** Whether {@code version} is certainly newer than {@code known}. */
  static boolean newer(String version, String known) {
    return isNumber(version) && isNumber(known) && BY_VALUE.compare(version, known) > 0;
  }

  private static boolean isNumber(String version) {
    return version != null
        && !version.isEmpty()
        && version.charAt(0) != '0'
        && version.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
