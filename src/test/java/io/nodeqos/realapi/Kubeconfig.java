// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.realapi;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The fields of the kubeconfig that the script writes, with its one cluster and user. */
record Kubeconfig(URI server, String token, SSLContext tls) {

  static Kubeconfig read(Path file) throws IOException {
    String text = Files.readString(file);
    byte[] certificates = Base64.getDecoder().decode(value(text, "certificate-authority-data"));
    return new Kubeconfig(
        URI.create(value(text, "server")), value(text, "token"), trusting(certificates));
  }

  private static String value(String text, String field) {
    Matcher line = Pattern.compile("^ *" + field + ": (\\S+)$", Pattern.MULTILINE).matcher(text);
    if (!line.find()) {
      throw new IllegalArgumentException("the kubeconfig has no " + field);
    }
    return line.group(1);
  }

  private static SSLContext trusting(byte[] certificates) throws IOException {
    try (InputStream in = new ByteArrayInputStream(certificates)) {
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
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificate of the kubeconfig cannot be used", e);
    }
  }
}
