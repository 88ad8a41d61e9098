// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UnreachableTest {
  static Stream<Arguments> causes() {
    return Stream.of(
        Arguments.of(new UnknownHostException("api.example.com"), "host name"),
        Arguments.of(
            new ConnectException("Connection refused"),
            "no connection to the API server's address"),
        Arguments.of(new SSLHandshakeException("PKIX path"), "certificate authority"),
        Arguments.of(new SocketTimeoutException("timeout"), "no answer in time"),
        Arguments.of(new InterruptedIOException("timeout"), "no answer in time"),
        Arguments.of(
            new IOException(new ConnectException("refused")),
            "no connection to the API server's address"),
        Arguments.of(new IOException("unexpected end of stream"), "unexpected end of stream"),
        Arguments.of(new IllegalStateException(), "IllegalStateException"));
  }

  @ParameterizedTest
  @MethodSource("causes")
  void clauseNamesTheCause(Exception e, String expected) {
    String clause = Unreachable.clause(e);

    assertTrue(clause.contains(expected), clause);
  }
}
