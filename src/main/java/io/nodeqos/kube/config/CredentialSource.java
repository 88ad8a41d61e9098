// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import java.io.IOException;

/** Holds the credential for all clients of the process. Thread-safe. */
public interface CredentialSource {
  /**
   * The credential to use now.
   *
   * @throws IOException when there is none, with a clause on the reason
   */
  Credential current() throws IOException;

  /**
   * The server answered 401.
   *
   * @param refused what the request was sent with
   * @return another one, to try again with; the same when there is none
   */
  Credential after401(Credential refused);
}
