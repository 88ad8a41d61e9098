// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.install;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The manifests fit clusters of other people. */
@RealKustomize
class KustomizeIT {
  private static final String NAME = "node-qos-controller";
  private static final String EVENTS = NAME + "-events";

  private final Kustomize kustomize;

  KustomizeIT(Kustomize kustomize) {
    this.kustomize = kustomize;
  }

  private List<Manifest> inPlatform(String transformers) {
    return kustomize.render(
        Kustomize.folder(
            "namespace" + transformers.length(),
            """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            namespace: platform
            resources: [../../../manifests, ../../../manifests/admission]
            """
                + transformers));
  }

  private static final String EVENTS_STAY = "transformers: [../../../manifests/namespace]\n";

  @Test
  void oneNamespaceMovesEverythingButTheRoleForEvents() {
    List<Manifest> moved = inPlatform(EVENTS_STAY);

    assertFalse(moved.toString().contains("nodeqos-system"), moved::toString);
    assertEquals(
        Set.of("Role", "RoleBinding"),
        moved.stream()
            .filter(m -> m.namespace().equals("default"))
            .peek(m -> assertEquals(EVENTS, m.name()))
            .map(Manifest::kind)
            .collect(toSet()));
    assertAll(
        () -> assertEquals("platform", subject(moved, "RoleBinding", EVENTS)),
        () -> assertEquals("platform", subject(moved, "RoleBinding", NAME)),
        () -> assertEquals("platform", subject(moved, "ClusterRoleBinding", NAME)),
        () -> assertEquals("platform", Manifest.find(moved, "Deployment", NAME).namespace()));
  }

  private static String subject(List<Manifest> all, String kind, String name) {
    return Manifest.find(all, kind, name).at("subjects", "0", "namespace").getAsString();
  }

  @Test
  void theFlowSchemaAndTheFenceFollowTheNamespaceByThemselves() {
    List<Manifest> moved = inPlatform("");

    assertEquals(
        "platform",
        Manifest.find(moved, "FlowSchema", NAME + "-leases")
            .at("spec", "rules", "0", "subjects", "0", "serviceAccount", "namespace")
            .getAsString());
    assertEquals(
        "platform",
        Manifest.find(moved, "ValidatingAdmissionPolicyBinding", NAME + "-fence")
            .at("spec", "paramRef", "namespace")
            .getAsString());
  }

  @Test
  void theAdmissionPoliciesHoldForTheServiceAccountOfAnyNamespace() {
    List<Manifest> policies =
        kustomize.render("manifests/admission").stream()
            .filter(m -> m.kind().equals("ValidatingAdmissionPolicy"))
            .toList();

    assertEquals(3, policies.size());
    for (Manifest policy : policies) {
      assertEquals(
          "request.userInfo.username.startsWith('system:serviceaccount:') &&"
              + " request.userInfo.username.endsWith(':node-qos-controller')",
          policy.at("spec", "matchConditions", "0", "expression").getAsString(),
          policy::name);
    }
  }

  private JsonElement podSpec(String folder) {
    return Manifest.find(kustomize.render(folder), "Deployment", NAME)
        .at("spec", "template", "spec");
  }

  @Test
  void aReplicaOfADeadNodeIsReplacedAfterHalfAMinute() {
    Map<String, Integer> seconds =
        StreamSupport.stream(
                podSpec("manifests").getAsJsonObject().getAsJsonArray("tolerations").spliterator(),
                false)
            .map(JsonElement::getAsJsonObject)
            .filter(t -> t.has("tolerationSeconds"))
            .collect(
                toMap(t -> t.get("key").getAsString(), t -> t.get("tolerationSeconds").getAsInt()));

    assertEquals(
        Map.of("node.kubernetes.io/not-ready", 30, "node.kubernetes.io/unreachable", 30), seconds);
  }

  @Test
  void theApiServersOfKnownDistributionsCanBeReached() {
    String egress =
        Manifest.find(kustomize.render("manifests"), "NetworkPolicy", NAME)
            .at("spec", "egress", "0", "ports")
            .toString();

    for (int port : List.of(443, 6443, 8443, 16443)) {
      assertTrue(egress.contains("\"port\":" + port + ","), egress);
    }
  }

  @Test
  void theQuotaIsForThePriorityClassOfTheReplicas() {
    List<Manifest> all = kustomize.render("manifests");

    assertEquals(
        podSpec("manifests").getAsJsonObject().get("priorityClassName"),
        Manifest.find(all, "ResourceQuota", NAME)
            .at("spec", "scopeSelector", "matchExpressions", "0", "values", "0"));
  }

  @Test
  void onOpenShiftTheUserIsThatOfTheNamespace() {
    String folder =
        Kustomize.folder(
            "openshift",
            """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources: [../../../manifests/base]
            components: [../../../manifests/components/openshift]
            """);
    JsonObject security = podSpec(folder).getAsJsonObject().getAsJsonObject("securityContext");

    assertEquals(Set.of("runAsNonRoot", "seccompProfile"), security.keySet());
    assertTrue(security.get("runAsNonRoot").getAsBoolean());
  }
}
