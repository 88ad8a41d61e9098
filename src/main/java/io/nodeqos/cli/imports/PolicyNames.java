// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.imports;

import io.nodeqos.node.value.Sha256;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Names that a policy may have: DNS labels of at most 40 characters, each used once. */
final class PolicyNames {
  private static final int MAX_LENGTH = 40;
  private static final int HASH_LENGTH = 6;

  private final Set<String> used = new HashSet<>();

  /** The nearest allowed name that no other policy has. */
  String of(String wanted) {
    String name =
        wanted.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    if (name.isEmpty()) {
      name = "imported";
    }
    if (name.length() > MAX_LENGTH) {
      name = shortened(name, Sha256.shortHex(wanted).substring(0, HASH_LENGTH));
    }
    String unique = name;
    for (int i = 2; !used.add(unique); i++) {
      unique = shortened(name, String.valueOf(i));
    }
    return unique;
  }

  private static String shortened(String name, String suffix) {
    int most = MAX_LENGTH - suffix.length() - 1;
    return name.substring(0, Math.min(most, name.length())).replaceAll("-+$", "") + "-" + suffix;
  }
}
