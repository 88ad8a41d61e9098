// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo.cluster;

import io.nodeqos.election.ElectionSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A replica of the controller in the demo, with the variables of the Deployment and no more. */
public record DemoPod(String name, String uid) {

  /** The election's settings: a crash costs six seconds, which is short enough for a demo. */
  public static final ElectionSettings ELECTION = ElectionSettings.fast();

  private static final List<String> JVM_OPTIONS =
      List.of("-Dsun.net.httpserver.nodelay=true", "-XX:+ExitOnOutOfMemoryError");

  /** Its holder identity in the Lease. */
  public String holder() {
    return name + "_" + uid;
  }

  /**
   * The process to start.
   *
   * @param replicas on this machine: together they may take the memory of one JVM, a quarter
   * @param traces the endpoint for its traces; empty for that of this process's own environment
   */
  public ControllerProcess.Spec spec(
      Path kubeconfig, Path log, int replicas, Optional<URI> traces) {
    List<String> jvm = new ArrayList<>(JVM_OPTIONS);
    jvm.add("-XX:MaxRAMPercentage=" + 25.0 / replicas);
    return new ControllerProcess.Spec(
        name,
        jvm,
        List.of(
            "io.nodeqos.Main",
            "controller",
            "--kubeconfig",
            kubeconfig.toString(),
            "--http-port",
            "0",
            "--admin-port",
            "0",
            "--exit-with-stdin"),
        environment(traces),
        log);
  }

  private Map<String, String> environment(Optional<URI> traces) {
    Map<String, String> environment = new HashMap<>();
    environment.put("POD_NAME", name);
    environment.put("POD_UID", uid);
    environment.put("POD_NAMESPACE", DemoCluster.CONTROLLER_NAMESPACE);
    environment.put(
        "NODEQOS_LEADERELECTION_LEASEDURATION", ELECTION.leaseDuration().toSeconds() + "s");
    environment.put(
        "NODEQOS_LEADERELECTION_RENEWDEADLINE", ELECTION.renewDeadline().toSeconds() + "s");
    environment.put("NODEQOS_LEADERELECTION_RETRYPERIOD", ELECTION.retryPeriod().toSeconds() + "s");
    traces.ifPresent(
        endpoint -> {
          environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.toString());
          environment.put("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
        });
    return environment;
  }
}
