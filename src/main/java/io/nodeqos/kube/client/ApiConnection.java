// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.client;

import io.nodeqos.kube.config.ClientConfigException;
import io.nodeqos.kube.config.ClientIdentity;
import io.nodeqos.kube.config.ConnectionSettings;
import io.nodeqos.kube.config.CredentialSource;
import io.nodeqos.kube.config.ExecCredentials;
import io.nodeqos.kube.config.ExecPlugin;
import io.nodeqos.kube.config.ExecSettings;
import io.nodeqos.kube.config.Impersonation;
import io.nodeqos.kube.config.ProxyAddress;
import io.nodeqos.kube.config.StoredCredentials;
import io.nodeqos.thread.DaemonThreads;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Collections;
import java.util.Optional;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * The parts that all clients of one API server share: its address, the proxy, the trusted
 * authorities, and one source of credentials. Thread-safe.
 */
final class ApiConnection {
  private static final String PROXY_AUTHORIZATION = "Proxy-Authorization";

  private final ConnectionSettings settings;
  private final CredentialSource credentials;
  private final ConnectionTracker connections;
  private final SSLSocketFactory sockets;
  private final X509TrustManager trust;

  private ApiConnection(
      ConnectionSettings settings,
      CredentialSource credentials,
      ConnectionTracker connections,
      SSLSocketFactory sockets,
      X509TrustManager trust) {
    this.settings = settings;
    this.credentials = credentials;
    this.connections = connections;
    this.sockets = sockets;
    this.trust = trust;
  }

  /**
   * Reads certificates and fetches the first credential, by which a plug-in is run. Does not
   * connect.
   *
   * @throws ClientConfigException with a sentence when any of it cannot be used
   */
  static ApiConnection open(ConnectionSettings settings) throws ClientConfigException {
    try {
      X509TrustManager trust = trust(settings);
      SSLContext context = SSLContext.getInstance("TLS");
      ConnectionTracker connections = new ConnectionTracker();
      CredentialSource credentials =
          credentials(
              settings,
              () -> {
                forget(context.getClientSessionContext());
                connections.closeAll();
              });
      credentials.current();
      context.init(
          new KeyManager[] {new ClientKeyManager(() -> identity(credentials))},
          new TrustManager[] {trust},
          null);
      return new ApiConnection(
          settings, credentials, connections, context.getSocketFactory(), trust);
    } catch (IOException | GeneralSecurityException e) {
      throw new ClientConfigException(
          "Cannot use %s: %s.".formatted(settings.source(), e.getMessage()), e);
    }
  }

  private static X509TrustManager trust(ConnectionSettings settings)
      throws IOException, GeneralSecurityException {
    try {
      return ServerTrustManager.of(settings.trust());
    } catch (IOException | GeneralSecurityException e) {
      throw new GeneralSecurityException(
          "the certificate authority in %s cannot be used (%s)"
              .formatted(settings.trust().authorities().describe(), e.getMessage()),
          e);
    }
  }

  private static CredentialSource credentials(ConnectionSettings settings, Runnable changed) {
    Optional<ExecSettings> plugin = settings.user().plugin();
    if (plugin.isEmpty()) {
      return new StoredCredentials(settings.user(), TimeSource.system(), changed);
    }
    return new ExecCredentials(
        new ExecPlugin(settings, plugin.get(), System.console() != null)::run,
        TimeSource.system(),
        task -> DaemonThreads.named("credential-renewal", task).start(),
        changed);
  }

  /** A session that is resumed is that of the certificate it began with. */
  private static void forget(SSLSessionContext sessions) {
    for (byte[] id : Collections.list(sessions.getIds())) {
      SSLSession session = sessions.getSession(id);
      if (session != null) {
        session.invalidate();
      }
    }
  }

  private static Optional<ClientIdentity> identity(CredentialSource credentials) {
    try {
      return credentials.current().identity();
    } catch (IOException e) {
      // The request that needs the connection has failed by it already.
      return Optional.empty();
    }
  }

  ConnectionSettings settings() {
    return settings;
  }

  /** Makes a client one of this server. */
  OkHttpClient.Builder configure(OkHttpClient.Builder client) {
    client.socketFactory(new TcpNoDelaySocketFactory());
    route(client);
    if (settings.isTls()) {
      String name = settings.trust().serverName();
      client.sslSocketFactory(
          name.isEmpty() ? sockets : new NamedServerSockets(sockets, name), trust);
      client.hostnameVerifier(verifier(client.build().hostnameVerifier()));
    }
    return client
        .addInterceptor(
            new CredentialInterceptor(
                credentials,
                settings.impersonation().map(Impersonation::headers).orElse(Headers.EMPTY),
                settings.route().disableCompression()))
        .addNetworkInterceptor(connections);
  }

  private HostnameVerifier verifier(HostnameVerifier usual) {
    String name = settings.trust().serverName();
    if (settings.trust().insecure()) {
      return (host, session) -> true;
    }
    return name.isEmpty() ? usual : (host, session) -> usual.verify(name, session);
  }

  private void route(OkHttpClient.Builder client) {
    Optional<ProxyAddress> proxy = settings.route().proxy();
    if (proxy.isEmpty()) {
      return;
    }
    client.proxy(proxy.get().proxy());
    if (proxy.get().isTls()) {
      client.socketFactory(new TlsToProxy(sockets, settings.trust().insecure()));
    }
    String authorization = proxy.get().authorization();
    if (!authorization.isEmpty()) {
      client.proxyAuthenticator(
          (route, response) -> {
            Request request = response.request();
            return request.header(PROXY_AUTHORIZATION) != null
                ? null
                : request.newBuilder().header(PROXY_AUTHORIZATION, authorization).build();
          });
    }
  }
}
