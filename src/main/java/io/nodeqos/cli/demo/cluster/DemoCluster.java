// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo.cluster;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.sim.fleet.FleetClient;
import io.nodeqos.sim.fleet.FleetJson;
import io.nodeqos.sim.http.ApiServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The embedded API as an administrator prepares it: the CRD, the controller's namespace, policies.
 */
public final class DemoCluster implements AutoCloseable {

  public static final String CONTROLLER_NAMESPACE = "nodeqos-system";

  private static final int CRD_TRIES = 100;
  private static final long CRD_PAUSE_MILLIS = 100;

  private final ApiServer server;
  private final FleetClient admin;

  private DemoCluster(ApiServer server, FleetClient admin) {
    this.server = server;
    this.admin = admin;
  }

  /** Starts the API server. */
  public static DemoCluster start() {
    ApiServer server = new ApiServer();
    server.start();
    return new DemoCluster(server, FleetClient.of(server.uri(), "nodeqos-demo"));
  }

  /** Applies everything that is needed before the controller starts. */
  public void prepare(List<JsonObject> policies) throws IOException, InterruptedException {
    JsonObject namespace =
        JsonParser.parseString(
                "{\"apiVersion\": \"v1\", \"kind\": \"Namespace\", \"metadata\": {\"name\": \""
                    + CONTROLLER_NAMESPACE
                    + "\"}}")
            .getAsJsonObject();
    admin.create("/api/v1/namespaces", namespace).expect("the controller's namespace", 409);
    String crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    for (JsonObject crd : YamlObjects.read("/io/nodeqos/manifests/crd.yaml")) {
      admin.create(crds, crd).expect("the CRD", 409);
      awaitEstablished(crds + "/" + FleetJson.name(crd));
    }
    for (JsonObject policy : policies) {
      admin.create(DemoPolicies.COLLECTION, policy).expect("policy " + FleetJson.name(policy), 409);
    }
  }

  /** Whether every policy's status reports this many warm nodes. */
  public boolean policiesReport(Map<String, Integer> warm) throws IOException {
    JsonObject list = admin.get(DemoPolicies.COLLECTION).body();
    return FleetJson.objects(list, "items").stream()
        .allMatch(
            policy ->
                FleetJson.text(policy, "status", "nodes", "warm")
                    .equals(String.valueOf(warm.get(FleetJson.name(policy)))));
  }

  public ApiServer server() {
    return server;
  }

  /** A client that plays a user with read access. */
  public FleetClient admin() {
    return admin;
  }

  @Override
  public void close() {
    server.close();
  }

  private void awaitEstablished(String crd) throws IOException, InterruptedException {
    for (int i = 0; i < CRD_TRIES; i++) {
      JsonObject condition = FleetJson.condition(admin.get(crd).body(), "Established");
      if (FleetJson.text(condition, "status").equals("True")) {
        return;
      }
      Thread.sleep(CRD_PAUSE_MILLIS);
    }
    throw new IOException("the API server did not establish " + crd);
  }
}
