// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import io.nodeqos.kube.config.ClientIdentity;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Presents the client certificate that is valid when a connection is made, whichever authorities
 * the server names, as Go's clients do.
 */
final class ClientKeyManager extends X509ExtendedKeyManager {
  private final Supplier<Optional<ClientIdentity>> identity;

  /** The one that was chosen last; a handshake asks for its parts one by one. */
  private volatile Chosen chosen = new Chosen("", null);

  private record Chosen(String alias, ClientIdentity identity) {}

  /**
   * @param identity must answer at once
   */
  ClientKeyManager(Supplier<Optional<ClientIdentity>> identity) {
    this.identity = identity;
  }

  @Override
  public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
    Optional<ClientIdentity> now = identity.get();
    if (now.isEmpty()) {
      return null;
    }
    String alias = Integer.toHexString(System.identityHashCode(now.get()));
    chosen = new Chosen(alias, now.get());
    return alias;
  }

  @Override
  public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
    return chooseClientAlias(keyTypes, issuers, null);
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    Chosen now = chosen;
    return now.alias().equals(alias)
        ? now.identity().chain().toArray(X509Certificate[]::new)
        : null;
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    Chosen now = chosen;
    return now.alias().equals(alias) ? now.identity().key() : null;
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    String alias = chooseClientAlias(new String[] {keyType}, issuers, null);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    return null;
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return null;
  }
}
