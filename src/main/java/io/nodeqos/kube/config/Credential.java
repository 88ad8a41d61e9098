// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import java.io.IOException;
import java.util.Optional;

/**
 * The credential of this process, for some time. Two equal ones are still two: a new one was
 * fetched.
 */
public final class Credential {
  private final String authorization;
  private final ClientIdentity identity;

  /**
   * @param authorization the value of that header; empty for none
   * @param identity for TLS; null for none
   */
  Credential(String authorization, ClientIdentity identity) {
    this.authorization = authorization;
    this.identity = identity;
  }

  /**
   * The header of a token.
   *
   * @throws IOException when no header can carry it
   */
  static String bearer(String token) throws IOException {
    if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IOException(
          "the token contains a blank, a line end or another character that is not allowed");
    }
    return "Bearer " + token;
  }

  /** The value of the header Authorization; empty for none. */
  public String authorization() {
    return authorization;
  }

  public Optional<ClientIdentity> identity() {
    return Optional.ofNullable(identity);
  }

  /** True when connections that were made with the other one must not be used. */
  boolean hasOtherIdentity(Credential other) {
    return !identity().equals(other.identity());
  }

  boolean sameAs(Credential other) {
    return authorization.equals(other.authorization) && !hasOtherIdentity(other);
  }
}
