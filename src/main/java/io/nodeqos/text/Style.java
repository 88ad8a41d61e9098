// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.text;

/** How a piece of text stands out on a terminal with colours. */
public enum Style {
  PLAIN(""),
  BOLD("1"),
  DIM("2"),
  /** As it should be. */
  GOOD("32"),
  /** May need attention. */
  NOTICE("33"),
  /** Needs attention. */
  BAD("31");

  private final String code;

  Style(String code) {
    this.code = code;
  }

  String on(String text) {
    return this == PLAIN || text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}
