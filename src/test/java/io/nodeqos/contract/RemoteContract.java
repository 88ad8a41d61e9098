// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The contract suite against any server, to be named when it is run, since no ordinary build has
 * one: {@code -Dtest=RemoteContract -Dnodeqos.contract.uri=https://HOST:PORT}, and where needed
 * {@code -Dnodeqos.contract.ca=FILE.pem -Dnodeqos.contract.token=TOKEN}.
 */
class RemoteContract extends ContractSuite {

  @Override
  ContractTarget target() {
    URI uri = URI.create(System.getProperty("nodeqos.contract.uri"));
    Optional<SSLContext> tls = property("ca").map(file -> trusting(Path.of(file)));
    return new ContractTarget() {
      @Override
      public URI uri() {
        return uri;
      }

      @Override
      public Optional<SSLContext> tls() {
        return tls;
      }

      @Override
      public Optional<String> token() {
        return property("token");
      }
    };
  }

  private static Optional<String> property(String name) {
    return Optional.ofNullable(System.getProperty("nodeqos.contract." + name));
  }

  private static SSLContext trusting(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("ca-" + number++, certificate);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
