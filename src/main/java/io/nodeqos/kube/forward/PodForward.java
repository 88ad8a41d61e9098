// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.forward;

import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.net.Proxy;
import java.time.Duration;
import java.util.Map;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * Forwards connections to pods: each is one WebSocket to the API server, which needs the permission
 * to get and create {@code pods/portforward}. No port is opened on this machine.
 */
public final class PodForward {
  /** Of the kubelet: the first byte of each message is the number of a channel. */
  private static final String PROTOCOL = "v4.channel.k8s.io";

  private final ApiEndpoint api;
  private final TimeSource time;

  /**
   * @param client for single reads
   */
  public PodForward(ApiEndpoint client, TimeSource time) {
    this.api = client;
    this.time = time;
  }

  /**
   * An HTTP client all of whose connections go to this port, whatever host and port an address has.
   *
   * @param timeout the longest wait for the connection, and for bytes of an answer; zero for none
   */
  public OkHttpClient client(PodAddress address, Duration timeout) {
    return new OkHttpClient.Builder()
        .socketFactory(new ForwardedSockets(() -> open(address, timeout)))
        .proxy(Proxy.NO_PROXY)
        .connectTimeout(Duration.ZERO)
        .readTimeout(timeout)
        .writeTimeout(timeout)
        .retryOnConnectionFailure(false)
        .build();
  }

  private PodStream open(PodAddress address, Duration timeout) throws IOException {
    Request request =
        api.request(address.path(), Map.of("ports", Integer.toString(address.port())))
            .header("Sec-WebSocket-Protocol", PROTOCOL)
            .build();
    PodStream stream = new PodStream(time);
    stream.open(api.http(), request, timeout);
    return stream;
  }
}
