// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.value;

/**
 * Compares resource versions of one resource: decimal numbers of any length (KEP-5504, comparable
 * resource versions).
 */
public final class ResourceVersions {
  private ResourceVersions() {}

  /** True when {@code version} is the same as {@code other} or newer. */
  public static boolean isAtLeast(String version, String other) {
    return version.length() != other.length()
        ? version.length() > other.length()
        : version.compareTo(other) >= 0;
  }
}
