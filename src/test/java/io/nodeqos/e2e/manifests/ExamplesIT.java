// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.manifests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real server takes the policies of {@code manifests/examples} without a warning. */
@RealApi
class ExamplesIT {
  private final ControlPlane plane;

  ExamplesIT(ControlPlane plane) {
    this.plane = plane;
    Installation.apply(plane);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wait-for-cni",
        "wait-for-gpu",
        "wait-for-csi",
        "reserve-only",
        "prepull",
        "continuous"
      })
  void anExampleIsTaken(String name) {
    Command applied =
        plane.kubectl(
            "apply",
            "--server-side",
            "--dry-run=server",
            "-f",
            "manifests/examples/" + name + ".yaml");

    assertEquals("", applied.succeeded().error());
  }
}
