// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.bench.report;

/**
 * How often something happened that is right or wrong, however fast the machine is.
 *
 * @param least the smallest right value
 * @param most the largest one
 */
public record Count(String name, long value, long least, long most) {
  public boolean wrong() {
    return value < least || value > most;
  }

  public String expected() {
    return least == most ? Long.toString(least) : least + " to " + most;
  }
}
