// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import io.nodeqos.election.ElectionSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A replica of the controller as the demo runs it: what the Deployment tells it, and no more. */
record DemoPod(String name, String uid) {

  /** The election's settings: a crash costs six seconds, which can be waited for. */
  static final ElectionSettings ELECTION = ElectionSettings.fast();

  private static final List<String> JVM_OPTIONS =
      List.of("-Dsun.net.httpserver.nodelay=true", "-XX:+ExitOnOutOfMemoryError");

  /** What it writes into the Lease. */
  String holder() {
    return name + "_" + uid;
  }

  /**
   * The process to start.
   *
   * @param replicas on this machine: together they may take the memory of one JVM, a quarter
   */
  ControllerProcess.Spec spec(Path kubeconfig, Path log, int replicas) {
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
        Map.of(
            "POD_NAME",
            name,
            "POD_UID",
            uid,
            "POD_NAMESPACE",
            DemoCluster.CONTROLLER_NAMESPACE,
            "NODEQOS_LEADERELECTION_LEASEDURATION",
            ELECTION.leaseDuration().toSeconds() + "s",
            "NODEQOS_LEADERELECTION_RENEWDEADLINE",
            ELECTION.renewDeadline().toSeconds() + "s",
            "NODEQOS_LEADERELECTION_RETRYPERIOD",
            ELECTION.retryPeriod().toSeconds() + "s"),
        log);
  }
}
