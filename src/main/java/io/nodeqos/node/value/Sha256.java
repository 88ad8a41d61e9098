// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node.value;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of strings. */
public final class Sha256 {
  /** The digits of configuration versions and tokens, which operators read and type. */
  private static final int SHORT_DIGITS = 10;

  private Sha256() {}

  /** The first ten hex digits, in lower case. */
  public static String shortHex(String text) {
    return hex(text, SHORT_DIGITS);
  }

  /**
   * The first hex digits, in lower case.
   *
   * @param digits at most 64
   */
  public static String hex(String text, int digits) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, digits);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
