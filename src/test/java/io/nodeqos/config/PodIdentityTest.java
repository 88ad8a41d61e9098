// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PodIdentityTest {

  @Test
  void podTellsItsIdentityInVariables() {
    PodIdentity identity =
        PodIdentity.from(Map.of("POD_NAME", "ctl-1", "POD_UID", "u-1", "POD_NAMESPACE", "qos"));
    assertEquals(new PodIdentity("ctl-1", "u-1", "qos"), identity);
    assertEquals("ctl-1_u-1", identity.holder());
  }

  @Test
  void outsideAPodEveryProcessIsSomebodyElse() {
    PodIdentity one = PodIdentity.from(Map.of("POD_UID", ""));
    PodIdentity other = PodIdentity.from(Map.of());
    assertFalse(one.name().isBlank());
    assertEquals("default", one.namespace());
    assertEquals(one.name(), other.name(), "both are on this host");
    assertNotEquals(one.holder(), other.holder());
  }
}
