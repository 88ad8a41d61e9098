// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.dryrun;

import io.nodeqos.preview.change.Change;
import io.nodeqos.preview.change.Change.On;

/** A change of a node as one line. */
final class ChangeText {
  private ChangeText() {}

  /** The capacity of a resource always changes with its allocatable. */
  static boolean isShown(Change change) {
    return change.on() != On.CAPACITY;
  }

  static String of(Change change) {
    return change.op().sign() + " " + subject(change.on()) + change.key() + values(change);
  }

  private static String subject(On on) {
    return switch (on) {
      case LABEL -> "label ";
      case CONFIG -> "";
      case ALLOCATABLE -> "allocatable ";
      case CAPACITY -> "capacity ";
      case IMAGE -> "image ";
      case TAINT -> "taint ";
      case CONDITION -> "condition ";
      case ANNOTATION -> "annotation ";
    };
  }

  private static String values(Change change) {
    if (change.on() == On.TAINT || change.on() == On.IMAGE || change.on() == On.ANNOTATION) {
      return "";
    }
    return switch (change.op()) {
      case ADD -> isName(change) ? "" : ": " + change.after();
      case REMOVE -> "";
      case REPLACE -> ": " + change.before() + " -> " + change.after();
    };
  }

  /** An element of a list, which has no value but its name. */
  private static boolean isName(Change change) {
    return change.after().isEmpty()
        || (change.on() == On.CONFIG
            && change.key().endsWith("]")
            && change.after().equals("true"));
  }
}
