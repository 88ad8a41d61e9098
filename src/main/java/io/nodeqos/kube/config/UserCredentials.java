// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The credentials of a user. Of several, {@code tokenFile} wins over {@code token}, and both over
 * {@code exec}; a client certificate is presented in addition.
 *
 * @param token a bearer token; may be empty
 * @param tokenFile holds a token and is read periodically
 * @param basic basic authentication
 * @param certificate of the client, with {@code key}
 */
public record UserCredentials(
    String token,
    Optional<Path> tokenFile,
    Basic basic,
    PemSource certificate,
    PemSource key,
    Optional<ExecSettings> exec) {

  /** Name and password; both may be empty. */
  record Basic(String username, String password) {}

  static UserCredentials ofTokenFile(Path file) {
    return new UserCredentials(
        "", Optional.of(file), new Basic("", ""), PemSource.NONE, PemSource.NONE, Optional.empty());
  }

  boolean hasToken() {
    return !token.isEmpty() || tokenFile.isPresent();
  }

  boolean hasBasic() {
    return !basic.username().isEmpty() || !basic.password().isEmpty();
  }

  /** The plug-in, unless the user has another credential: then kubectl does not run it, either. */
  public Optional<ExecSettings> plugin() {
    return hasToken() || hasBasic() || certificate.isPresent() ? Optional.empty() : exec;
  }

  boolean isEmpty() {
    return !hasToken() && !hasBasic() && !certificate.isPresent() && exec.isEmpty();
  }
}
