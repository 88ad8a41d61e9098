// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodIdentityTest {

  private final Path file = Path.of("/none");

  @Test
  void podWithoutTheVariableIsInTheNamespaceOfItsServiceAccount(@TempDir Path directory)
      throws IOException {
    Path mounted = Files.writeString(directory.resolve("namespace"), "nodeqos-system\n");
    assertEquals("nodeqos-system", PodIdentity.from(Map.of(), mounted).namespace());
    assertEquals("a", PodIdentity.from(Map.of("POD_NAMESPACE", "a"), mounted).namespace());
    assertEquals(
        "default", PodIdentity.from(Map.of(), Files.writeString(mounted, " ")).namespace());
  }

  @Test
  void identityOfAPodComesFromVariables() {
    PodIdentity identity =
        PodIdentity.from(
            Map.of("POD_NAME", "ctl-1", "POD_UID", "u-1", "POD_NAMESPACE", "qos"), file);
    assertEquals(new PodIdentity("ctl-1", "u-1", "qos"), identity);
    assertEquals("ctl-1_u-1", identity.holder());
  }

  @Test
  void processesOutsideAPodHaveDifferentIdentities() {
    PodIdentity one = PodIdentity.from(Map.of("POD_UID", ""), file);
    PodIdentity other = PodIdentity.from(Map.of(), file);
    assertFalse(one.name().isBlank());
    assertEquals("default", one.namespace());
    assertEquals(one.name(), other.name(), "both are on this host");
    assertNotEquals(one.holder(), other.holder());
  }
}
