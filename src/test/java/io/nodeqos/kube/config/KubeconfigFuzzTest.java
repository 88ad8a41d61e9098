// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is in a kubeconfig is read, or refused in words. */
class KubeconfigFuzzTest {
  @TempDir Path directory;

  @FuzzTest
  void fileIsReadOrRefusedInWords(byte[] bytes) throws IOException {
    Path file = directory.resolve("config");
    Files.write(file, bytes);
    try {
      KubeconfigReader.read(List.of(file));
    } catch (ClientConfigException refused) {
      assertTrue(refused.getMessage().startsWith("Cannot use kubeconfig " + file));
    }
  }
}
