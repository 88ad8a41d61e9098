// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.install;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.realapi.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chart installs the same objects as kustomize does. */
@RealHelm
@RealKustomize
class ChartIT {
  private static final String NAME = "node-qos-controller";
  private static final String OTHER_NAMESPACE = "platform";

  private final Helm helm;
  private final Kustomize kustomize;

  ChartIT(Helm helm, Kustomize kustomize) {
    this.helm = helm;
    this.kustomize = kustomize;
  }

  /** By kind and name, without differences that mean nothing. */
  private static Map<String, JsonObject> normalized(List<Manifest> all) {
    Map<String, JsonObject> objects = new TreeMap<>();
    for (Manifest manifest : all) {
      Manifest m = manifest;
      switch (manifest.kind()) {
        // Helm makes the namespace of a release before it looks at the chart.
        case "Namespace" -> {
          continue;
        }
        // The comment in it.
        case "ConfigMap" -> m = m.without("config.yaml", "data");
        // helm.sh/resource-policy, of which another test is.
        case "CustomResourceDefinition" -> m = m.without("annotations", "metadata");
        default -> {}
      }
      // Kustomize does not know that these are of no namespace, and gives them that of the others.
      if (m.kind().matches(".*AdmissionPolicy(Binding)?|FlowSchema")) {
        m = m.without("namespace", "metadata");
      }
      assertEquals(null, objects.put(m.kind() + " " + m.name(), m.object()), m::name);
    }
    return objects;
  }

  private static void assertSame(List<Manifest> wanted, List<Manifest> rendered) {
    Map<String, JsonObject> objects = normalized(wanted);
    Map<String, JsonObject> chart = normalized(rendered);
    assertEquals(objects.keySet(), chart.keySet());
    assertAll(
        objects.keySet().stream()
            .map(key -> () -> assertEquals(objects.get(key), chart.get(key), key)));
  }

  @Test
  void theDefaultsRenderTheManifests() {
    assertSame(kustomize.render("manifests"), helm.render("nodeqos-system"));
  }

  @Test
  void chartRendersTheAdmissionPoliciesOfTheManifests() {
    String folder =
        Kustomize.folder(
            "chart",
            """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            namespace: platform
            resources: [../../../manifests, ../../../manifests/admission]
            transformers: [../../../manifests/namespace]
            """);

    assertSame(
        kustomize.render(folder),
        helm.render(
            OTHER_NAMESPACE,
            "--set=admission.ownKeys=true,admission.fence=true,admission.startupTaint=true"));
  }

  @Test
  void metricsAreThoseOfTheOverlay() {
    List<Manifest> overlay = kustomize.render("manifests/overlays/metrics");

    assertSame(
        overlay, helm.render("nodeqos-system", "--set=metrics.enabled=true,crds.enabled=false"));
  }

  @Test
  void chartWithoutAUserRendersTheOpenShiftComponent() {
    String folder =
        Kustomize.folder(
            "chart-openshift",
            """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources: [../../../manifests]
            components: [../../../manifests/components/openshift]
            """);

    assertSame(kustomize.render(folder), helm.render("nodeqos-system", "--set=runAsUser=null"));
  }

  @Test
  void admissionPolicyAllowsThePrefixesOfTheSettings() {
    for (String value : List.of("{example.com/,acme.io/}", "example.com/\\,acme.io/")) {
      List<Manifest> rendered =
          helm.render(
              OTHER_NAMESPACE,
              "--set=admission.ownKeys=true",
              "--set=settings.startupTaintPrefixes=" + value);

      assertTrue(
          Manifest.find(rendered, "ValidatingAdmissionPolicy", NAME + "-own-keys")
              .object()
              .toString()
              .contains("'readiness.k8s.io/', 'example.com/', 'acme.io/']"),
          value);
    }
  }

  @ParameterizedTest
  @CsvSource({"1.37.0,'',v1", "1.34.0,/v1beta1/MutatingAdmissionPolicy,v1beta1"})
  void theStartupTaintHasTheVersionThatTheServerHas(String server, String served, String version) {
    String group = "admissionregistration.k8s.io";
    List<Manifest> rendered =
        helm.render(
            OTHER_NAMESPACE,
            "--set=admission.startupTaint=true",
            "--kube-version=" + server,
            "--api-versions=" + group + served);

    for (String kind : List.of("MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding")) {
      assertEquals(
          group + "/" + version,
          Manifest.find(rendered, kind, NAME + "-startup-taint").at("apiVersion").getAsString());
    }
  }

  @Test
  void aServerWithoutTheStartupTaintIsNamed() {
    Command refused =
        helm.template(
            OTHER_NAMESPACE, "--set=admission.startupTaint=true", "--kube-version=1.33.0");

    assertNotEquals(0, refused.code());
    assertTrue(refused.error().contains("does not serve MutatingAdmissionPolicy"), refused::error);
  }

  @Test
  void otherTaintKeysAreToleratedAndTheFirstIsThatOfNewNodes() {
    List<Manifest> rendered =
        helm.render(
            OTHER_NAMESPACE,
            "--set=admission.startupTaint=true,taintKeys={nodeqos.io/gpu,nodeqos.io/other}");
    String deployment = Manifest.find(rendered, "Deployment", NAME).object().toString();
    String policy =
        Manifest.find(rendered, "MutatingAdmissionPolicy", NAME + "-startup-taint")
            .object()
            .toString();

    assertTrue(deployment.contains("\"nodeqos.io/gpu\""), deployment);
    assertTrue(deployment.contains("\"nodeqos.io/other\""), deployment);
    assertFalse(policy.contains("warming-up"), policy);
    assertTrue(policy.contains("nodeqos.io/gpu"), policy);
  }

  @Test
  void theCrdStaysWhenTheReleaseGoesUnlessAskedFor() {
    assertTrue(crd("--set=crds.keep=true").contains("\"helm.sh/resource-policy\":\"keep\""));
    assertFalse(crd("--set=crds.keep=false").contains("helm.sh/resource-policy"));
  }

  @Test
  void onlyARemovalOfTheCrdIsCheckedBefore() {
    String job = NAME + "-uninstall-check";
    List<Manifest> rendered =
        helm.render(
            OTHER_NAMESPACE,
            "--set=crds.keep=false,taintKeys={nodeqos.io/gpu},image.pullSecrets={registry}");
    JsonObject pod =
        Manifest.find(rendered, "Job", job).at("spec", "template", "spec").getAsJsonObject();
    JsonObject controller =
        Manifest.find(rendered, "Deployment", NAME)
            .at("spec", "template", "spec")
            .getAsJsonObject();

    for (String field : List.of("nodeSelector", "imagePullSecrets", "serviceAccountName")) {
      assertEquals(controller.get(field), pod.get(field), field);
    }
    assertTrue(pod.get("tolerations").toString().contains("\"nodeqos.io/gpu\""), pod::toString);
    assertFalse(kinds("--set=crds.keep=true").contains("Job"));
    assertFalse(kinds("--set=crds.keep=false,crds.uninstallCheck=false").contains("Job"));
  }

  private List<String> kinds(String option) {
    return helm.render(OTHER_NAMESPACE, option).stream().map(Manifest::kind).toList();
  }

  private String crd(String option) {
    return Manifest.find(
            helm.render(OTHER_NAMESPACE, option),
            "CustomResourceDefinition",
            "nodeqospolicies.nodeqos.io")
        .object()
        .toString();
  }

  @Test
  void settingsJvmOptionsAndADigestReachTheirPlaces() {
    String digest = "sha256:" + "0123456789abcdef".repeat(4);
    List<Manifest> rendered =
        helm.render(
            OTHER_NAMESPACE,
            "--set=settings.leaderElection.leaseDuration=30s,settings.workers=64",
            "--set=jvmOptions={-Xlog:gc}",
            "--set=runAsUser=1000660000",
            "--set=image.digest=" + digest);
    Manifest deployment = Manifest.find(rendered, "Deployment", NAME);

    assertEquals(
        "leaderElection:\n  leaseDuration: 30s\nworkers: 64\n",
        Manifest.find(rendered, "ConfigMap", NAME).at("data", "config.yaml").getAsString());
    assertEquals(
        NAME + "@" + digest,
        deployment.at("spec", "template", "spec", "containers", "0", "image").getAsString());
    assertTrue(deployment.object().toString().contains("\"-Xlog:gc\",\"-jar\""));
    assertEquals(
        1_000_660_000,
        deployment.at("spec", "template", "spec", "securityContext", "fsGroup").getAsInt());
  }

  @Test
  void alertsAndDashboardAreThoseOfTheRepository() throws IOException {
    List<Manifest> rendered =
        helm.render(
            OTHER_NAMESPACE,
            "--set=metrics.podMonitor.enabled=true,metrics.prometheusRule.enabled=true",
            "--set=metrics.dashboard.enabled=true,metrics.podMonitor.labels.release=prometheus");

    assertEquals(
        Manifest.all(Files.readString(Path.of("otel", "alerts.yaml"))).get(0).object(),
        Manifest.find(rendered, "PrometheusRule", NAME).at("spec"));
    assertEquals(
        JsonParser.parseString(Files.readString(Path.of("otel", "dashboard.json"))),
        JsonParser.parseString(
            Manifest.find(rendered, "ConfigMap", NAME + "-dashboard")
                .at("data", NAME + ".json")
                .getAsString()));
    assertEquals(
        "prometheus",
        Manifest.find(rendered, "PodMonitor", NAME)
            .at("metadata", "labels", "release")
            .getAsString());
    assertTrue(
        Manifest.find(rendered, "NetworkPolicy", NAME).object().toString().contains("monitoring"));
  }

  @Test
  void helmFindsNothingToComplainOfAndPacksEveryFile() throws IOException {
    Command lint = helm.run("lint", "--strict", Helm.CHART);
    Path target = Files.createDirectories(Path.of("target", "install"));
    helm.run("package", Helm.CHART, "--destination", target.toString()).succeeded();
    String archive = target.resolve(NAME + "-0.1.0.tgz").toString();

    assertTrue(lint.succeeded().out().contains("0 chart(s) failed"), lint::out);
    assertEquals(
        helm.template(OTHER_NAMESPACE).succeeded().out(),
        helm.run("template", "a-release", archive, "--namespace", OTHER_NAMESPACE)
            .succeeded()
            .out(),
        "links to other folders are files in the archive");
  }

  @Test
  void chartHasTheVersionOfTheController() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    var version = Pattern.compile("<version>([^<]+)</version>").matcher(pom);
    assertTrue(version.find());
    String chart = Files.readString(Path.of(Helm.CHART, "Chart.yaml"));

    assertTrue(chart.contains("\nversion: " + version.group(1) + "\n"), chart);
    assertTrue(chart.contains("\nappVersion: " + version.group(1) + "\n"), chart);
  }
}
