// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.manifests;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.e2e.rig.Api;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real server accepts {@code manifests/}, and they work there. */
@RealApi
class ManifestsIT {
  private final ControlPlane plane;
  private final Installation installation;

  ManifestsIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "manifests",
        "manifests/overlays/fast-failover",
        "manifests/overlays/metrics",
        "manifests/overlays/tracing",
        "manifests/admission"
      })
  void everyManifestIsAcceptedWithoutAWarningAndLabelled(String directory) {
    List<JsonObject> objects = installation.dryRun(directory);

    assertTrue(objects.size() >= 6, directory + " has " + objects.size());
    for (JsonObject object : objects) {
      JsonObject metadata = object.getAsJsonObject("metadata");
      assertEquals(
          Installation.NAME,
          metadata.getAsJsonObject("labels").get("app.kubernetes.io/name").getAsString(),
          () -> "the label of " + object.get("kind") + " " + metadata.get("name"));
    }
  }

  private static JsonObject deployment(List<JsonObject> objects) {
    return objects.stream()
        .filter(o -> o.get("kind").getAsString().equals("Deployment"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void fastFailoverOverlayAddsItsSettingsToThoseOfTheBase() {
    JsonObject spec =
        deployment(installation.dryRun("manifests/overlays/fast-failover")).getAsJsonObject("spec");
    JsonArray env =
        spec.getAsJsonObject("template")
            .getAsJsonObject("spec")
            .getAsJsonArray("containers")
            .get(0)
            .getAsJsonObject()
            .getAsJsonArray("env");
    List<String> names = new ArrayList<>();
    env.forEach(variable -> names.add(variable.getAsJsonObject().get("name").getAsString()));

    assertTrue(
        names.containsAll(
            List.of(
                "POD_NAME",
                "POD_UID",
                "POD_NAMESPACE",
                "NODEQOS_HTTP_ADDRESS",
                "NODEQOS_LEADERELECTION_LEASEDURATION",
                "NODEQOS_LEADERELECTION_RENEWDEADLINE",
                "NODEQOS_LEADERELECTION_RETRYPERIOD")),
        names::toString);
  }

  @Test
  void componentsCanBeUsedTogether() throws IOException {
    Path own = Files.createDirectories(Path.of("target", "e2e", "own-overlay"));
    Files.writeString(
        own.resolve("kustomization.yaml"),
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources: [../../../manifests/base]
        components:
        - ../../../manifests/components/fast-failover
        - ../../../manifests/components/metrics
        - ../../../manifests/components/tracing
        """);

    String deployment = deployment(installation.dryRun(own.toString())).toString();

    assertTrue(deployment.contains("NODEQOS_LEADERELECTION_LEASEDURATION"), deployment);
    assertTrue(deployment.contains("prometheus.io/scrape"), deployment);
    assertTrue(deployment.contains("OTEL_EXPORTER_OTLP_ENDPOINT"), deployment);
  }

  @Test
  void manifestsAreAcceptedInAnotherNamespace() throws IOException {
    Path own = Files.createDirectories(Path.of("target", "e2e", "other-namespace"));
    Files.writeString(
        own.resolve("kustomization.yaml"),
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        namespace: it-platform
        resources: [../../../manifests, ../../../manifests/admission]
        transformers: [../../../manifests/namespace]
        """);
    plane.kubectl("create", "namespace", "it-platform").succeeded();

    List<JsonObject> objects = installation.dryRun(own.toString());

    plane.kubectl("delete", "namespace", "it-platform", "--wait=false").succeeded();
    assertTrue(
        objects.stream().noneMatch(o -> o.toString().contains("system:serviceaccount:nodeqos")),
        objects::toString);
  }

  /** The pod of the template, and the answer of the namespace to it. */
  private Command createPod(String change) {
    JsonObject pod =
        installation
            .get("deployment", Installation.NAME)
            .getAsJsonObject("spec")
            .getAsJsonObject("template");
    pod.addProperty("apiVersion", "v1");
    pod.addProperty("kind", "Pod");
    pod.getAsJsonObject("metadata").addProperty("name", "it-" + UUID.randomUUID());
    JsonObject container =
        pod.getAsJsonObject("spec").getAsJsonArray("containers").get(0).getAsJsonObject();
    JsonObject changes = JsonParser.parseString(change).getAsJsonObject();
    changes.entrySet().forEach(e -> container.add(e.getKey(), e.getValue()));
    return plane.kubectlWith(
        pod.toString(), "create", "-n", Installation.NAMESPACE, "--dry-run=server", "-f", "-");
  }

  @Test
  void podTemplatePassesTheRestrictedStandardThatItsNamespaceEnforces() {
    Command asItIs = createPod("{}");
    Command privileged = createPod("{'securityContext': {'privileged': true}}");

    asItIs.succeeded();
    assertNotEquals(0, privileged.code(), "else nothing is enforced");
    assertTrue(
        privileged.error().contains("violates PodSecurity \"restricted"), privileged.error());
  }

  @Test
  void leaseRequestsAreInTheLeaderElectionPriorityLevel() {
    Replica replica = installation.replica("it-" + UUID.randomUUID());
    Api controller = Api.of(plane, replica.token());
    String leaderElection =
        installation
            .get("prioritylevelconfiguration", "leader-election")
            .getAsJsonObject("metadata")
            .get("uid")
            .getAsString();
    String ours =
        installation
            .get("flowschema", "node-qos-controller-leases")
            .getAsJsonObject("metadata")
            .get("uid")
            .getAsString();

    Api.Reply lease =
        Poll.until(
            "use of our FlowSchema",
            () -> controller.get(Installation.LEASE),
            reply -> header(reply, "X-Kubernetes-PF-FlowSchema-UID").equals(ours));
    Api.Reply nodes = controller.get("/api/v1/nodes?limit=1");

    assertAll(
        () ->
            assertEquals(
                leaderElection, header(lease, "X-Kubernetes-PF-PriorityLevel-UID"), "Lease"),
        () -> assertEquals(200, nodes.code()),
        () ->
            assertNotEquals(
                leaderElection,
                header(nodes, "X-Kubernetes-PF-PriorityLevel-UID"),
                "only Leases are so urgent"));
    installation.remove(replica);
  }

  private static String header(Api.Reply reply, String name) {
    return reply.headers().firstValue(name).orElse("");
  }
}
