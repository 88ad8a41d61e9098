// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientIdentityTest {
  private static String pem(String file) {
    return TestPki.pem(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sec1-with-parameters", "sec1", "pkcs1", "pkcs8-rsa", "named", "ed25519"})
  void keyIsReadInEachFormThatKubectlTakes(String name) throws GeneralSecurityException {
    ClientIdentity identity = ClientIdentity.parse(pem(name + ".crt"), pem(name + ".key"));

    assertEquals(1, identity.chain().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sec1-with-parameters", "pkcs1"})
  void certificateAndKeyMayShareOneFileInAnyOrder(String name) throws GeneralSecurityException {
    String certificate = pem(name + ".crt");
    String key = pem(name + ".key");

    for (String both : new String[] {certificate + key, key + certificate + pem("ca.crt")}) {
      assertEquals(
          "CN=" + name + ",O=test",
          ClientIdentity.parse(both, both).chain().get(0).getSubjectX500Principal().getName());
    }
  }

  @Test
  void chainKeepsItsOrderDespiteTextBetweenCertificates() throws GeneralSecurityException {
    String chain = "subject=CN = sec1\r\n" + pem("sec1.crt") + "\nissuer:\n" + pem("ca.crt");

    assertEquals(
        2, ClientIdentity.parse(chain.replace("\n", "\r\n"), pem("sec1.key")).chain().size());
  }

  @ParameterizedTest
  @CsvSource({
    "sec1.crt,encrypted.key,is encrypted",
    "pkcs1.crt,encrypted-pkcs1.key,is encrypted",
    "sec1.crt,sec1.crt,no private key",
    "sec1.key,sec1.key,no certificate",
    "pkcs1.crt,sec1.key,no RSA key",
    "named.crt,loopback.key,not the one of the certificate",
    "sec1-with-parameters.crt,sec1.key,private key"
  })
  void unusableKeyIsExplained(String certificate, String key, String expected) {
    String message =
        assertThrows(
                GeneralSecurityException.class,
                () -> ClientIdentity.parse(pem(certificate), pem(key)))
            .getMessage();

    assertTrue(message.contains(expected), message);
  }
}
