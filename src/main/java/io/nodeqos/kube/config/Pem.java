// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The blocks of a PEM text (RFC 7468); text between them is ignored. */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([^-\\r\\n]+)-----([^-]*)-----END \\1-----");

  private Pem() {}

  /**
   * One block.
   *
   * @param label for example {@code CERTIFICATE}
   */
  record Block(String label, byte[] bytes) {
    boolean isCertificate() {
      return label.equals("CERTIFICATE");
    }

    boolean isPrivateKey() {
      return label.equals("PRIVATE KEY") || label.endsWith(" PRIVATE KEY");
    }
  }

  /** Leaves out blocks that are not base64, such as those encrypted in the way of old OpenSSL. */
  static List<Block> blocks(String text) {
    List<Block> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      try {
        String base64 = block.group(2).replaceAll("\\s", "");
        blocks.add(new Block(block.group(1), Base64.getDecoder().decode(base64)));
      } catch (IllegalArgumentException notBase64) {
        // With headers: encrypted.
      }
    }
    return blocks;
  }
}
