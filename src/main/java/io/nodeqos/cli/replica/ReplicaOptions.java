// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.replica;

import io.nodeqos.election.ElectionSettings;
import java.net.URI;
import java.util.Optional;
import okhttp3.HttpUrl;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for the replica that a command asks. A mixin. */
public final class ReplicaOptions {
  private static final int ADMIN_PORT = 8081;

  private static final int MOST_PORT = 65_535;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--lease",
      paramLabel = "NAME",
      description = "The Lease that names the leader (default node-qos-controller).")
  private String lease = ElectionSettings.defaults().leaseName();

  @Option(
      names = "--admin-port",
      paramLabel = "N",
      description = "The port of the views in the leader's pod, http.adminPort (default 8081).")
  private void adminPort(int port) {
    if (port < 1 || port > MOST_PORT) {
      throw new ParameterException(
          command.commandLine(), "--admin-port is " + port + ", must be from 1 to " + MOST_PORT);
    }
    adminPort = port;
  }

  private int adminPort = ADMIN_PORT;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Address of a replica's views, such as http://127.0.0.1:8081. Without it the leader's pod"
              + " is reached through the API server, which needs the permission pods/portforward.")
  private URI url;

  public String lease() {
    return lease;
  }

  int adminPort() {
    return adminPort;
  }

  /** The address that takes the place of the leader's pod. */
  Optional<HttpUrl> url() {
    if (url == null) {
      return Optional.empty();
    }
    HttpUrl address = HttpUrl.parse(url.toString());
    if (address == null) {
      throw new ParameterException(
          command.commandLine(), "--url " + url + " is not an http address");
    }
    return Optional.of(address);
  }
}
