// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import io.nodeqos.kube.config.ClientIdentity;
import io.nodeqos.kube.config.ConnectionSettings.ServerTrust;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Makes the trust manager that decides which servers are trusted. */
public final class ServerTrustManager {
  private ServerTrustManager() {}

  /**
   * Makes it.
   *
   * @throws GeneralSecurityException with a clause that says why the authorities are unusable
   */
  public static X509TrustManager of(ServerTrust trust)
      throws IOException, GeneralSecurityException {
    if (trust.insecure()) {
      return new Everybody();
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trust.authorities().isPresent() ? authorities(trust) : null);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("the JVM has no trust manager for X.509");
  }

  private static KeyStore authorities(ServerTrust trust)
      throws IOException, GeneralSecurityException {
    List<X509Certificate> certificates = ClientIdentity.certificates(trust.authorities().read());
    if (certificates.isEmpty()) {
      throw new GeneralSecurityException("there is no certificate in PEM");
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (int i = 0; i < certificates.size(); i++) {
      store.setCertificateEntry("authority-" + i, certificates.get(i));
    }
    return store;
  }

  /** For insecure-skip-tls-verify. */
  private static final class Everybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
