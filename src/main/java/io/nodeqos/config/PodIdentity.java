// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.UUID;

/**
 * Which pod this process is, as the Deployment tells it through the downward API.
 *
 * @param name {@code POD_NAME}, else the host's name
 * @param uid {@code POD_UID}, else a random one
 * @param namespace {@code POD_NAMESPACE}, else {@code default}
 */
public record PodIdentity(String name, String uid, String namespace) {

  /** Reads the identity; a variable that is empty counts as absent. */
  public static PodIdentity from(Map<String, String> environment) {
    String name = environment.getOrDefault("POD_NAME", "");
    String uid = environment.getOrDefault("POD_UID", "");
    String namespace = environment.getOrDefault("POD_NAMESPACE", "");
    return new PodIdentity(
        name.isBlank() ? hostName() : name,
        uid.isBlank() ? UUID.randomUUID().toString() : uid,
        namespace.isBlank() ? "default" : namespace);
  }

  /** What goes into the Lease: unique even if a pod of this name is created again. */
  public String holder() {
    return name + "_" + uid;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
