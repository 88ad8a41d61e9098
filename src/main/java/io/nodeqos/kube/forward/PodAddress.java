// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.forward;

/**
 * A port of a pod.
 *
 * @param port also one on which only the loopback address of the pod listens
 */
public record PodAddress(String namespace, String pod, int port) {
  String path() {
    return "/api/v1/namespaces/" + namespace + "/pods/" + pod + "/portforward";
  }

  @Override
  public String toString() {
    return namespace + "/" + pod;
  }
}
