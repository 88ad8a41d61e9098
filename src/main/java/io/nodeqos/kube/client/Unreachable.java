// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import com.google.gson.stream.MalformedJsonException;
import io.nodeqos.kube.wire.MalformedAnswerException;
import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Says in a clause why there was no usable answer, in terms that point to the cause. */
public final class Unreachable {
  private Unreachable() {}

  public static String clause(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      String known = known(cause);
      if (!known.isEmpty()) {
        return known;
      }
    }
    return "the request failed (" + text(e) + ")";
  }

  private static String known(Throwable e) {
    if (e instanceof UnknownHostException) {
      return "the host name of the API server is unknown (" + text(e) + ")";
    }
    if (e instanceof ConnectException || e instanceof NoRouteToHostException) {
      return "nothing answers at the API server's address (" + text(e) + ")";
    }
    if (e instanceof SSLHandshakeException || e instanceof SSLPeerUnverifiedException) {
      return "no trusted TLS connection, check the certificate authority (" + text(e) + ")";
    }
    if (e instanceof MalformedAnswerException || e instanceof MalformedJsonException) {
      return "the answer is not what an API server sends (" + text(e) + ")";
    }
    if (e instanceof EOFException || e instanceof ProtocolException) {
      return "the answer ended early (" + text(e) + ")";
    }
    if (e instanceof InterruptedIOException) {
      return "no answer in time (" + text(e) + ")";
    }
    return "";
  }

  private static String text(Throwable e) {
    // Gson adds a second line with a link.
    return e.getMessage() == null
        ? e.getClass().getSimpleName()
        : e.getMessage().lines().findFirst().orElse("");
  }
}
