// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import java.util.regex.Pattern;

/** Names that are of no object in a dump: the user who took it, and hosts. */
final class ForeignNames {
  /** As an API server writes it, where it refuses a request. */
  private static final Pattern USER = Pattern.compile("(User \\\\?\")[^\"\\\\]+");

  private static final Pattern HOST = Pattern.compile("(https?://)[^\\s/\"]+");

  private ForeignNames() {}

  /** The text without them. */
  static String hidden(String text) {
    return HOST.matcher(USER.matcher(text).replaceAll("$1x")).replaceAll("$1x");
  }
}
