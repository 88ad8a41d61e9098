// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import java.net.URI;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** The server under test and how to reach it as a cluster administrator. */
public interface ContractTarget {
  /** Scheme, host and port, without a path. */
  URI uri();

  /** What to trust over https; empty for http and for the JVM's own trust. */
  default Optional<SSLContext> tls() {
    return Optional.empty();
  }

  /** A bearer token; empty when the server asks for none. */
  default Optional<String> token() {
    return Optional.empty();
  }

  /**
   * Makes the server forget its changes so far, as time would. A server that has a short memory
   * anyway has nothing to do here.
   */
  default void forgetHistory() {}
}
