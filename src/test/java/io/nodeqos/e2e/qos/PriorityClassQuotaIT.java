// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.qos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A server that limits the system priority classes, as that of GKE does, admits the replicas. */
@RealApi
class PriorityClassQuotaIT {
  private static final String LIMITED =
      """
      apiVersion: apiserver.config.k8s.io/v1
      kind: AdmissionConfiguration
      plugins:
      - name: ResourceQuota
        configuration:
          apiVersion: apiserver.config.k8s.io/v1
          kind: ResourceQuotaConfiguration
          limitedResources:
          - resource: pods
            matchScopes:
            - scopeName: PriorityClass
              operator: In
              values: [system-node-critical, system-cluster-critical]
      """;

  private final ControlPlane usual;

  PriorityClassQuotaIT(ControlPlane usual) {
    this.usual = usual;
  }

  @Test
  void theQuotaOfTheManifestsLetsTheReplicasIn() throws IOException {
    Path config = Files.createDirectories(Path.of("target", "e2e")).resolve("quota.yaml");
    Files.writeString(config, LIMITED);

    try (ControlPlane plane =
        usual.another("--admission-control-config-file=" + config.toAbsolutePath())) {
      Installation installation = Installation.apply(plane);
      JsonObject pod = pod(installation);

      Poll.until("admitted replica", () -> create(plane, pod), reply -> reply.code() == 0);
      plane.kubectl("delete", "quota", Installation.NAME, "-n", Installation.NAMESPACE).succeeded();
      Command refused =
          Poll.until("refused replica", () -> create(plane, pod), reply -> reply.code() != 0);

      assertTrue(refused.error().contains("insufficient quota"), refused.error());
      assertEquals("", refused.out());
    }
  }

  private static JsonObject pod(Installation installation) {
    JsonObject pod =
        installation
            .get("deployment", Installation.NAME)
            .getAsJsonObject("spec")
            .getAsJsonObject("template");
    pod.addProperty("apiVersion", "v1");
    pod.addProperty("kind", "Pod");
    pod.getAsJsonObject("metadata").addProperty("name", "probe");
    return pod;
  }

  private static Command create(ControlPlane plane, JsonObject pod) {
    return plane.kubectlWith(
        pod.toString(), "create", "-n", Installation.NAMESPACE, "--dry-run=server", "-f", "-");
  }
}
