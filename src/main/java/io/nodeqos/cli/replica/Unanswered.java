// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.replica;

import io.nodeqos.kube.client.ApiRefusal;
import java.io.IOException;

/** The sentence when neither a replica nor the API server answers. */
public final class Unanswered {
  private Unanswered() {}

  /**
   * A reason that both have is there once.
   *
   * @param noReplica why no replica answers
   * @param subject what the API server was asked for, such as {@code "node gpu-1"}
   */
  public static String sentence(String noReplica, String subject, Exception e) {
    String reason = e instanceof IOException ? ApiRefusal.failureOf(e).message() : e.getMessage();
    return noReplica
        + "; "
        + subject
        + (noReplica.contains(reason) ? " cannot be read, either" : " cannot be read: " + reason);
  }
}
