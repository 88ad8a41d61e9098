// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.ControlPlane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assertions;

/** The manifests that a user applies. */
public final class Installation {
  public static final String NAMESPACE = "nodeqos-system";
  public static final String EVENTS_NAMESPACE = "default";
  public static final String NAME = "node-qos-controller";
  public static final String USER = "system:serviceaccount:" + NAMESPACE + ":" + NAME;
  public static final String LEASES =
      "/apis/coordination.k8s.io/v1/namespaces/" + NAMESPACE + "/leases";
  public static final String LEASE = LEASES + "/" + NAME;

  /**
   * Matches no request and uses Leases, as the fence does. An API server that has seen the last
   * such binding go judges by its old copy of each Lease for ever (kubernetes/kubernetes#130887),
   * so this one stays when a test has removed the fence.
   */
  private static final String LEASES_IN_USE =
      """
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicy
      metadata:
        name: leases-in-use
      spec:
        paramKind:
          apiVersion: coordination.k8s.io/v1
          kind: Lease
        matchConstraints:
          resourceRules:
          - apiGroups: [none.nodeqos.test]
            apiVersions: [v1]
            resources: [none]
            operations: [CREATE]
        validations:
        - expression: 'true'
      ---
      apiVersion: admissionregistration.k8s.io/v1
      kind: ValidatingAdmissionPolicyBinding
      metadata:
        name: leases-in-use
      spec:
        policyName: leases-in-use
        validationActions: [Deny]
        paramRef:
          name: none
          namespace: default
          parameterNotFoundAction: Allow
      """;

  private final ControlPlane plane;

  private Installation(ControlPlane plane) {
    this.plane = plane;
  }

  /** Applies everything of {@code manifests/} and waits until policies can be made. */
  public static Installation apply(ControlPlane plane) {
    // One pass is not always enough, as a namespace that was just made is not at once known
    // everywhere.
    Poll.until(
        "complete kubectl apply",
        () -> plane.kubectl("apply", "--server-side", "-k", "manifests"),
        applied -> applied.code() == 0);
    Poll.until("served NodeQoSPolicy", () -> plane.kubectl("get", "nqp"), got -> got.code() == 0);
    return new Installation(plane);
  }

  /**
   * The objects of a folder for kustomize, as the server would keep them; fails when it warns of
   * anything.
   */
  public List<JsonObject> dryRun(String directory) {
    String yaml = plane.kubectl("kustomize", directory).succeeded().out();
    Command dry =
        plane.kubectlWith(
            yaml,
            "apply",
            "--server-side",
            "--force-conflicts",
            "--dry-run=server",
            "-o",
            "json",
            "-f",
            "-");
    Assertions.assertFalse(dry.succeeded().error().contains("Warning"), dry.error());
    List<JsonObject> objects = new ArrayList<>();
    JsonObject list = JsonParser.parseString(dry.out()).getAsJsonObject();
    for (JsonElement object : list.getAsJsonArray("items")) {
      objects.add(object.getAsJsonObject());
    }
    return objects;
  }

  /** Applies an overlay as well, such as {@code fast-failover}. */
  public Installation overlay(String name) {
    plane.kubectl("apply", "--server-side", "-k", "manifests/overlays/" + name).succeeded();
    return this;
  }

  /** The settings of the election that the Deployment carries. */
  public Map<String, String> election() {
    Map<String, String> settings = new TreeMap<>();
    JsonObject pod =
        get("deployment", NAME)
            .getAsJsonObject("spec")
            .getAsJsonObject("template")
            .getAsJsonObject("spec");
    for (JsonElement variable :
        pod.getAsJsonArray("containers").get(0).getAsJsonObject().getAsJsonArray("env")) {
      String key = World.text(variable.getAsJsonObject(), "name");
      if (key.startsWith("NODEQOS_LEADERELECTION_")) {
        settings.put(key, World.text(variable.getAsJsonObject(), "value"));
      }
    }
    return settings;
  }

  /** Makes a pod as the Deployment's controller would, with a token for it. */
  public Replica replica(String podName) {
    JsonObject deployment = get("deployment", NAME);
    JsonObject pod = deployment.getAsJsonObject("spec").getAsJsonObject("template").deepCopy();
    pod.addProperty("apiVersion", "v1");
    pod.addProperty("kind", "Pod");
    pod.getAsJsonObject("metadata").addProperty("name", podName);
    plane.kubectlWith(pod.toString(), "create", "-n", NAMESPACE, "-f", "-").succeeded();
    String uid = get("pod", podName).getAsJsonObject("metadata").get("uid").getAsString();
    String token =
        plane
            .kubectl(
                "create",
                "token",
                NAME,
                "--namespace=" + NAMESPACE,
                "--bound-object-kind=Pod",
                "--bound-object-name=" + podName,
                "--bound-object-uid=" + uid,
                // A kubelet would replace it; the default of an hour is less than a long test
                // takes.
                "--duration=24h")
            .succeeded()
            .out()
            .strip();
    return new Replica(podName, uid, token);
  }

  public void remove(Replica replica) {
    plane
        .kubectl("delete", "pod", replica.name(), "-n", NAMESPACE, "--ignore-not-found", "--force")
        .succeeded();
  }

  /** So that the next leader finds none. */
  public void removeLease() {
    plane.kubectl("delete", "lease", NAME, "-n", NAMESPACE, "--ignore-not-found").succeeded();
  }

  /** Whether the Lease names this replica. */
  public boolean isLeading(Replica replica) {
    return plane
        .kubectl(
            "get",
            "lease",
            NAME,
            "-n",
            NAMESPACE,
            "--ignore-not-found",
            "-o",
            "jsonpath={.spec.holderIdentity}")
        .out()
        .equals(replica.holder());
  }

  /** The Role for Events. */
  public JsonObject eventsRole() {
    return get("role", NAME + "-events", EVENTS_NAMESPACE);
  }

  /** An object of the controller's namespace or of the cluster. */
  public JsonObject get(String kind, String name) {
    return get(kind, name, NAMESPACE);
  }

  private JsonObject get(String kind, String name, String namespace) {
    Command got = plane.kubectl("get", kind, name, "-n", namespace, "-o", "json").succeeded();
    return JsonParser.parseString(got.out()).getAsJsonObject();
  }

  /** Applies one file of {@code manifests/admission}; it takes effect a moment later. */
  public void admission(String file) {
    plane.kubectlWith(LEASES_IN_USE, "apply", "--server-side", "-f", "-").succeeded();
    plane
        .kubectl("apply", "--server-side", "-f", "manifests/admission/" + file + ".yaml")
        .succeeded();
  }

  public void removeAdmission(String file) {
    plane
        .kubectl("delete", "--ignore-not-found", "-f", "manifests/admission/" + file + ".yaml")
        .succeeded();
  }

  /** The overlays of {@code manifests/overlays} that are not a way to install the controller. */
  public void admissionOverlay(String overlay) {
    plane.kubectl("apply", "--server-side", "-k", "manifests/overlays/" + overlay).succeeded();
  }

  public void removeAdmissionOverlay(String overlay) {
    plane
        .kubectl("delete", "--ignore-not-found", "-k", "manifests/overlays/" + overlay)
        .succeeded();
  }
}
