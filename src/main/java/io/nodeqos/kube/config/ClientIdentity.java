// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

/**
 * A client certificate with its key, as {@code tls.X509KeyPair} of Go reads them: other blocks may
 * stand in both texts, which may be one and the same; the key is in PKCS#8, PKCS#1 or SEC 1.
 *
 * @param chain the own certificate first
 */
public record ClientIdentity(List<X509Certificate> chain, PrivateKey key) {
  private static final byte INTEGER = 0x02;
  private static final byte OCTETS = 0x04;
  private static final byte SEQUENCE = 0x30;

  public ClientIdentity {
    chain = List.copyOf(chain);
  }

  /**
   * Reads both.
   *
   * @throws GeneralSecurityException with a clause that says why it is unusable
   */
  static ClientIdentity parse(String certificates, String key) throws GeneralSecurityException {
    List<X509Certificate> chain = certificates(certificates);
    if (chain.isEmpty()) {
      throw new GeneralSecurityException("there is no certificate in PEM");
    }
    for (Pem.Block block : Pem.blocks(key)) {
      if (block.isPrivateKey()) {
        return new ClientIdentity(chain, key(block, chain.get(0).getPublicKey()));
      }
    }
    throw new GeneralSecurityException("there is no private key in PEM, or it is encrypted");
  }

  /** All certificates of a PEM text. */
  public static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    for (Pem.Block block : Pem.blocks(text)) {
      if (block.isCertificate()) {
        certificates.add(
            (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
      }
    }
    return certificates;
  }

  private static PrivateKey key(Pem.Block block, PublicKey own) throws GeneralSecurityException {
    if (block.label().startsWith("ENCRYPTED")) {
      throw new GeneralSecurityException("the private key is encrypted, which is not supported");
    }
    byte[] pkcs8 = block.label().equals("PRIVATE KEY") ? block.bytes() : wrapped(block, own);
    PrivateKey key;
    try {
      key =
          KeyFactory.getInstance(own.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      throw new GeneralSecurityException(
          "the private key cannot be read, or is no %s key as the certificate has"
              .formatted(own.getAlgorithm()),
          e);
    }
    if (!belongsTo(key, own)) {
      throw new GeneralSecurityException("the private key is not the one of the certificate");
    }
    return key;
  }

  /**
   * Puts a key of PKCS#1 or SEC 1 into PKCS#8: {@code PrivateKeyInfo ::= SEQUENCE { version 0,
   * algorithm, key }}. The algorithm, with the curve, is that of the certificate's public key,
   * whose encoding begins with it.
   */
  private static byte[] wrapped(Pem.Block block, PublicKey own) {
    byte[] publicKey = own.getEncoded();
    int start = contentStart(publicKey, 0);
    int length = contentStart(publicKey, start) - start + contentLength(publicKey, start);
    ByteArrayOutputStream info = new ByteArrayOutputStream();
    info.writeBytes(new byte[] {INTEGER, 1, 0});
    info.write(publicKey, start, length);
    info.writeBytes(encoded(OCTETS, block.bytes()));
    return encoded(SEQUENCE, info.toByteArray());
  }

  private static int contentStart(byte[] der, int at) {
    return at + 2 + (der[at + 1] < 0 ? der[at + 1] & 0x7f : 0);
  }

  private static int contentLength(byte[] der, int at) {
    if (der[at + 1] >= 0) {
      return der[at + 1];
    }
    int length = 0;
    for (int i = at + 2; i < contentStart(der, at); i++) {
      length = length << 8 | der[i] & 0xff;
    }
    return length;
  }

  private static byte[] encoded(byte tag, byte[] content) {
    ByteArrayOutputStream der = new ByteArrayOutputStream();
    der.write(tag);
    // DER wants the shortest form of a length.
    byte[] length = BigInteger.valueOf(content.length).toByteArray();
    int zeros = length[0] == 0 ? 1 : 0;
    if (content.length >= 0x80) {
      der.write(0x80 | length.length - zeros);
    }
    der.write(length, zeros, length.length - zeros);
    der.writeBytes(content);
    return der.toByteArray();
  }

  /** Checks by a signature whether key and certificate belong together. */
  private static boolean belongsTo(PrivateKey key, PublicKey own) throws GeneralSecurityException {
    String algorithm =
        switch (own.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> own.getAlgorithm();
        };
    byte[] text = own.getEncoded();
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(text);
    byte[] signed = signature.sign();
    signature.initVerify(own);
    signature.update(text);
    return signature.verify(signed);
  }
}
