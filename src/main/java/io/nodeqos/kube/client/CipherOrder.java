// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import okhttp3.CipherSuite;
import okhttp3.ConnectionSpec;

/**
 * Which cipher suites are offered first: those with ChaCha20-Poly1305 (RFC 8439). The JVM has
 * machine instructions for AES-GCM in code of its second compiler only, which the Deployment does
 * without; the same 16 KB take four times as long there. Go's servers follow the client's order,
 * others and JVMs that allow AES alone find it behind.
 */
final class CipherOrder {
  private static final List<CipherSuite> PREFERRED =
      List.of(
          CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
          CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
          CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256);

  private CipherOrder() {}

  /** What OkHttp allows otherwise, in our order. */
  static List<ConnectionSpec> connectionSpecs() {
    Set<CipherSuite> suites = new LinkedHashSet<>(PREFERRED);
    suites.addAll(ConnectionSpec.MODERN_TLS.cipherSuites());
    return List.of(
        new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS)
            .cipherSuites(suites.toArray(CipherSuite[]::new))
            .build(),
        ConnectionSpec.CLEARTEXT);
  }
}
