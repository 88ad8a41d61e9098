// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import io.nodeqos.kube.config.Credential;
import io.nodeqos.kube.config.CredentialSource;
import java.io.IOException;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Adds the credential and the impersonation headers to each request. A request that is refused with
 * 401 was not carried out: it is sent once more when there is another credential by then.
 */
final class CredentialInterceptor implements Interceptor {
  private static final int UNAUTHORIZED = 401;

  private final CredentialSource credentials;
  private final Headers impersonation;
  private final boolean disableCompression;

  /**
   * @param impersonation headers; may be none
   * @param disableCompression asks for answers that are not compressed
   */
  CredentialInterceptor(
      CredentialSource credentials, Headers impersonation, boolean disableCompression) {
    this.credentials = credentials;
    this.impersonation = impersonation;
    this.disableCompression = disableCompression;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    Credential used = credentials.current();
    Response response = chain.proceed(signed(request, used));
    RequestBody body = request.body();
    if (response.code() != UNAUTHORIZED || body != null && body.isOneShot()) {
      return response;
    }
    Credential other = credentials.after401(used);
    if (other == used) {
      return response;
    }
    response.close();
    return chain.proceed(signed(request, other));
  }

  private Request signed(Request request, Credential credential) {
    Headers.Builder headers = request.headers().newBuilder().addAll(impersonation);
    if (!credential.authorization().isEmpty()) {
      headers.set("Authorization", credential.authorization());
    }
    if (disableCompression) {
      headers.set("Accept-Encoding", "identity");
    }
    return request.newBuilder().headers(headers.build()).build();
  }
}
