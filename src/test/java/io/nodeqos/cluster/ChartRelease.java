// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cluster;

import io.nodeqos.install.Helm;
import io.nodeqos.realapi.Command;
import java.util.ArrayList;
import java.util.List;

/** The controller on a cluster, installed by its chart. */
final class ChartRelease {
  private static final String NAME = "node-qos-controller";

  private final Helm helm;
  private final Cluster cluster;

  ChartRelease(Helm helm, Cluster cluster) {
    this.helm = helm;
    this.cluster = cluster;
  }

  /** Installs it and waits until all replicas are Ready. */
  void install(ControllerImage controller, String values) {
    String[] image = cluster.load(controller.tar(), NAME + ":it").split("@");
    run(
            "install",
            NAME,
            Helm.CHART,
            "--create-namespace",
            "--wait",
            "--timeout=120s",
            "--set=image.repository=" + image[0] + ",image.digest=" + image[1],
            "--set=" + values)
        .succeeded();
  }

  /** Changes values; the others stay. */
  void upgrade(String values) {
    run("upgrade", NAME, Helm.CHART, "--reuse-values", "--set=" + values).succeeded();
  }

  Command uninstall() {
    return run("uninstall", NAME, "--wait", "--timeout=120s");
  }

  /** Of all namespaces, in any state. */
  String list() {
    return run("list", "--all-namespaces", "--short").succeeded().out().strip();
  }

  private Command run(String... arguments) {
    List<String> line = new ArrayList<>(List.of(arguments));
    line.add("--kubeconfig=" + cluster.kubeconfig());
    line.add("--namespace=" + Product.NAMESPACE);
    return helm.run(line.toArray(String[]::new));
  }
}
