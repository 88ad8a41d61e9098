// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import io.nodeqos.kube.client.ServerTrustManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Keys and certificates that {@code pki/make.sh} made. */
public final class TestPki {
  private TestPki() {}

  public static String pem(String file) {
    try (InputStream in = TestPki.class.getResourceAsStream("pki/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of a server with this certificate, which asks its clients for one of the same authority. */
  public static SSLContext server(String name) {
    try {
      ClientIdentity own = ClientIdentity.parse(pem(name + ".crt"), pem(name + ".key"));
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("own", own.key(), new char[0], own.chain().toArray(Certificate[]::new));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), new TrustManager[] {trust()}, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static TrustManager trust() throws IOException, GeneralSecurityException {
    PemSource authorities = new PemSource(Optional.empty(), pem("ca.crt"));
    return ServerTrustManager.of(new ConnectionSettings.ServerTrust(authorities, false, ""));
  }
}
