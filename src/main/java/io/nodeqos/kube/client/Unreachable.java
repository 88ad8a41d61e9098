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

/** A clause that explains why there was no usable answer and points to the cause. */
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
      return "no connection to the API server's address (" + text(e) + ")";
    }
    if (e instanceof SSLHandshakeException || e instanceof SSLPeerUnverifiedException) {
      return "the TLS connection is not trusted, check the certificate authority (" + text(e) + ")";
    }
    if (e instanceof MalformedAnswerException || e instanceof MalformedJsonException) {
      return "the answer is not that of an API server (" + text(e) + ")";
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
