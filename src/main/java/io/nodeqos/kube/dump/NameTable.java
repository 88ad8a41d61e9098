// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import io.nodeqos.node.value.Sha256;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of a cluster and the ones that replace them in a dump. The order of names stays, since
 * texts and ties go by it; and equal names stay equal, whatever they name. Immutable.
 */
final class NameTable {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9](?:[-A-Za-z0-9.]*[A-Za-z0-9])?");

  /** Values of labels and fields that are no names, and numbers, but not addresses. */
  private static final Pattern KEPT = Pattern.compile("true|false|\\d*|\\d+\\.\\d+");

  private final Map<String, String> replacements;

  private NameTable(Map<String, String> replacements) {
    this.replacements = replacements;
  }

  /** Hashes with a random salt: a name cannot be found by trying. */
  static NameTable of(SortedSet<String> names) {
    String salt = UUID.randomUUID().toString();
    Map<String, String> replacements = new HashMap<>();
    for (String name : names) {
      if (!KEPT.matcher(name).matches()) {
        replacements.put(
            name, "x%06d-%s".formatted(replacements.size(), Sha256.hex(salt + name, 6)));
      }
    }
    return new NameTable(replacements);
  }

  /** The same table with more. */
  NameTable and(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(replacements);
    all.putAll(more);
    return new NameTable(all);
  }

  /** The replacement of a whole value; the value itself when it is no name. */
  String name(String value) {
    return replacements.getOrDefault(value, value);
  }

  /** A sentence with each name in it replaced. */
  String text(String sentence) {
    return WORD.matcher(sentence).replaceAll(word -> Matcher.quoteReplacement(word(word.group())));
  }

  /** A word of a sentence: the end of one is no part of a name. */
  private String word(String word) {
    return Optional.ofNullable(replacements.get(word)).orElse(word);
  }
}
