// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.fixture.ReservedFixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReservedStateTest {
  private static final Map<String, String> SPINNER =
      Map.of(Keys.SPINNER, "base", Keys.PULL_VERSION, "0123456789");

  @Test
  void spinnerPodsAreNotExpectedAndRequestNothing() {
    PodView cni = ReservedFixture.pod("cni", true);
    DaemonSetView csi = ReservedFixture.daemonSet("csi", List.of());

    ReservedState state =
        ReservedFixture.namespace(
            "kube-system",
            true,
            List.of(
                cni,
                new PodView(
                    cni.meta(),
                    cni.nodeName(),
                    cni.ownerUid(),
                    SPINNER,
                    cni.state(),
                    cni.requests(),
                    cni.tolerations(),
                    cni.images())),
            List.of(
                csi,
                new DaemonSetView(
                    csi.namespace(), "spinner", "uid", false, SPINNER, csi.placement())));

    assertEquals(List.of(cni), state.pods());
    assertEquals(List.of(csi), state.namespaces().get("kube-system").daemonSets());
  }
}
