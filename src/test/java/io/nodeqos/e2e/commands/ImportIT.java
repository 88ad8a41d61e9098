// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real server takes imported policies, of which {@code PolicyImportTest} has the texts. */
@RealApi
class ImportIT {
  private final ControlPlane plane;

  ImportIT(ControlPlane plane) {
    this.plane = plane;
    Installation.apply(plane);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rules", "nidhogg", "nidhogg-fork", "slo-controller-config"})
  void importedPoliciesAreTakenWithoutAWarning(String name) {
    Command applied =
        plane.kubectl(
            "apply",
            "--server-side",
            "--dry-run=server",
            "--validate=strict",
            "-f",
            "src/test/resources/io/nodeqos/cli/imports/" + name + ".imported.yaml");

    assertEquals("", applied.succeeded().error());
  }
}
