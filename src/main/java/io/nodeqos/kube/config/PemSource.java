// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The source of a certificate or a key.
 *
 * @param data PEM in the kubeconfig itself, which wins over the file; may be empty
 */
public record PemSource(Optional<Path> file, String data) {
  static final PemSource NONE = new PemSource(Optional.empty(), "");

  public boolean isPresent() {
    return !data.isEmpty() || file.isPresent();
  }

  boolean isFile() {
    return data.isEmpty() && file.isPresent();
  }

  /** The present text; empty when there is none. */
  public String read() throws IOException {
    return isFile()
        ? new String(Files.readAllBytes(file.get()), StandardCharsets.ISO_8859_1)
        : data;
  }

  /** For sentences. */
  public String describe() {
    return isFile() ? file.get().toString() : "the data in the kubeconfig";
  }
}
