// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/**
 * The pod of this process, which the Deployment passes through the downward API.
 *
 * @param name {@code POD_NAME}, else the host's name
 * @param uid {@code POD_UID}, else a random one
 * @param namespace {@code POD_NAMESPACE}, else that of the pod's service account, else {@code
 *     default}
 */
public record PodIdentity(String name, String uid, String namespace) {
  /** The file with the namespace of the pod's service account. */
  public static final Path NAMESPACE_FILE =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

  /**
   * Reads the identity; a variable that is empty counts as absent.
   *
   * @param namespaceFile need not exist; {@link #NAMESPACE_FILE} except in tests
   */
  public static PodIdentity from(Map<String, String> environment, Path namespaceFile) {
    String name = environment.getOrDefault("POD_NAME", "");
    String uid = environment.getOrDefault("POD_UID", "");
    String namespace = environment.getOrDefault("POD_NAMESPACE", "");
    return new PodIdentity(
        name.isBlank() ? hostName() : name,
        uid.isBlank() ? UUID.randomUUID().toString() : uid,
        namespace.isBlank() ? namespaceOf(namespaceFile) : namespace);
  }

  private static String namespaceOf(Path file) {
    try {
      String namespace = Files.readString(file).strip();
      return namespace.isEmpty() ? "default" : namespace;
    } catch (IOException notInAPod) {
      return "default";
    }
  }

  /** The holder identity in the Lease: unique even if a pod of this name is created again. */
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
