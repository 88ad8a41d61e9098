// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.manifests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.realapi.ControlPlane;
import io.nodeqos.realapi.RealApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A real server takes the Collector and the Jaeger of {@code otel/}, and they fit together. */
@RealApi
class TracingManifestsIT {
  private static final String COLLECTOR = "otel-collector";
  private static final String JAEGER = "jaeger";

  private final ControlPlane plane;
  private final Installation installation;
  private final List<JsonObject> objects;

  TracingManifestsIT(ControlPlane plane) {
    this.plane = plane;
    this.installation = Installation.apply(plane);
    this.objects = installation.dryRun("otel");
  }

  private static String text(JsonObject object, String field) {
    return object.get(field).getAsString();
  }

  private static JsonObject of(String kind, String name, List<JsonObject> objects) {
    return objects.stream()
        .filter(o -> text(o, "kind").equals(kind))
        .filter(o -> text(o.getAsJsonObject("metadata"), "name").startsWith(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no " + kind + " " + name));
  }

  private static JsonObject template(JsonObject deployment) {
    return deployment.getAsJsonObject("spec").getAsJsonObject("template");
  }

  private static JsonObject container(JsonObject deployment) {
    JsonArray containers =
        template(deployment).getAsJsonObject("spec").getAsJsonArray("containers");
    return containers.get(0).getAsJsonObject();
  }

  @Test
  void everyObjectIsInTheControllersNamespaceAndLabelled() {
    assertEquals(8, objects.size());
    for (JsonObject object : objects) {
      JsonObject metadata = object.getAsJsonObject("metadata");
      JsonObject labels = metadata.getAsJsonObject("labels");
      assertEquals(Installation.NAMESPACE, text(metadata, "namespace"), metadata::toString);
      assertTrue(
          List.of(COLLECTOR, JAEGER).contains(text(labels, "app.kubernetes.io/name")),
          metadata::toString);
      assertEquals(Installation.NAME, text(labels, "app.kubernetes.io/part-of"));
    }
  }

  @Test
  void podsPassTheRestrictedStandardThatTheNamespaceEnforces() {
    for (String name : List.of(COLLECTOR, JAEGER)) {
      JsonObject pod = template(of("Deployment", name, objects)).deepCopy();
      pod.addProperty("apiVersion", "v1");
      pod.addProperty("kind", "Pod");
      pod.getAsJsonObject("metadata").addProperty("name", "it-" + UUID.randomUUID());
      // There is no controller here that makes that of the name default.
      pod.getAsJsonObject("spec").addProperty("serviceAccountName", Installation.NAME);

      plane
          .kubectlWith(
              pod.toString(), "create", "-n", Installation.NAMESPACE, "--dry-run=server", "-f", "-")
          .succeeded();
    }
  }

  @Test
  void imagesAreOfTheVersionsThatTheTestsRun() throws IOException {
    String built = Files.readString(Path.of("hack", "jaeger.d", "go.mod"));

    assertEquals(
        "jaegertracing/jaeger:" + version("// Jaeger (\\d+\\.\\d+\\.\\d+):", built),
        text(container(of("Deployment", JAEGER, objects)), "image"));
    assertEquals(
        "otel/opentelemetry-collector-k8s:"
            + version("/processor/tailsamplingprocessor v(\\d+\\.\\d+\\.\\d+)", built),
        text(container(of("Deployment", COLLECTOR, objects)), "image"));
  }

  private static String version(String pattern, String text) {
    Matcher version = Pattern.compile(pattern).matcher(text);
    assertTrue(version.find(), pattern);
    return version.group(1);
  }

  @Test
  void podsGetTheConfigurationsThatTheTestsRun() throws IOException {
    for (String name : List.of(COLLECTOR, JAEGER)) {
      JsonObject configMap = of("ConfigMap", name, objects);
      String file = name.equals(JAEGER) ? "jaeger.yaml" : "collector.yaml";
      JsonObject volume =
          template(of("Deployment", name, objects))
              .getAsJsonObject("spec")
              .getAsJsonArray("volumes")
              .get(0)
              .getAsJsonObject();

      assertEquals(
          Files.readString(Path.of("otel", file)), text(configMap.getAsJsonObject("data"), file));
      assertEquals(
          text(configMap.getAsJsonObject("metadata"), "name"),
          text(volume.getAsJsonObject("configMap"), "name"));
      assertTrue(
          text(container(of("Deployment", name, objects)).getAsJsonArray("args"))
              .endsWith("/" + file));
    }
  }

  private static String text(JsonArray array) {
    return array.get(0).getAsString();
  }

  @Test
  void overlaySendsTracesToTheCollectorAndAllowsTheTraffic() {
    List<JsonObject> overlay = installation.dryRun("manifests/overlays/tracing");
    Map<String, String> environment = new TreeMap<>();
    for (JsonElement element :
        container(of("Deployment", Installation.NAME, overlay)).getAsJsonArray("env")) {
      JsonObject variable = element.getAsJsonObject();
      environment.put(text(variable, "name"), variable.has("value") ? text(variable, "value") : "");
    }

    assertEquals("http://" + COLLECTOR + ":4317", environment.get("OTEL_EXPORTER_OTLP_ENDPOINT"));
    assertEquals("grpc", environment.get("OTEL_EXPORTER_OTLP_PROTOCOL"));
    assertTrue(environment.containsKey("NODEQOS_HTTP_ADDRESS"), "that of the base");
    JsonArray egress =
        of("NetworkPolicy", Installation.NAME, overlay)
            .getAsJsonObject("spec")
            .getAsJsonArray("egress");
    assertEquals(3, egress.size(), "those of the base as well");
    assertTrue(egress.toString().contains(COLLECTOR), egress::toString);
    assertTrue(egress.toString().contains("4317"), egress::toString);
  }
}
