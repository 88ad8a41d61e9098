// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.forward;

import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;

/**
 * One connection to a port of a pod. Channel 0 has the bytes of the connection, channel 1 a
 * sentence about its failure; both begin with the number of the port, in two bytes.
 */
final class PodStream extends WebSocketListener {
  private static final int DATA = 0;
  private static final int ERROR = 1;
  private static final int PORT_BYTES = 2;
  private static final int CLOSE = 1000;

  private final TimeSource time;
  private final CompletableFuture<WebSocket> opened = new CompletableFuture<>();
  private final ReceivedBytes received = new ReceivedBytes();
  private final StringBuilder refusal = new StringBuilder();
  private final int[] portBytes = {PORT_BYTES, PORT_BYTES};

  PodStream(TimeSource time) {
    this.time = time;
  }

  /**
   * Connects.
   *
   * @param timeout zero for none
   * @throws IOException with a clause that says why there is no connection
   */
  void open(OkHttpClient http, Request request, Duration timeout) throws IOException {
    WebSocket socket = http.newWebSocket(request, this);
    try {
      if (timeout.isZero()) {
        opened.get();
      } else {
        opened.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      socket.cancel();
      throw new InterruptedIOException("no answer in time");
    } catch (InterruptedException e) {
      socket.cancel();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public void onOpen(WebSocket socket, Response response) {
    opened.complete(socket);
  }

  @Override
  public void onMessage(WebSocket socket, ByteString message) {
    if (message.size() == 0) {
      return;
    }
    int channel = message.getByte(0);
    if (channel != DATA && channel != ERROR) {
      return;
    }
    int start = 1 + Math.min(portBytes[channel], message.size() - 1);
    portBytes[channel] -= start - 1;
    ByteString content = message.substring(start);
    if (content.size() == 0) {
      return;
    }
    if (channel == DATA) {
      received.add(content);
    } else {
      refusal.append(content.string(StandardCharsets.UTF_8));
      received.end(new IOException(refusal.toString().strip()));
    }
  }

  @Override
  public void onMessage(WebSocket socket, String text) {
    onMessage(socket, ByteString.encodeUtf8(text));
  }

  @Override
  public void onClosing(WebSocket socket, int code, String reason) {
    received.end(null);
    socket.close(CLOSE, null);
  }

  @Override
  public void onFailure(WebSocket socket, Throwable failure, Response response) {
    IOException why =
        new IOException(
            response == null
                ? ApiFailure.of(new IOException(failure.getMessage(), failure)).message()
                : ApiFailure.of(response, time).message(),
            failure);
    opened.completeExceptionally(why);
    received.end(why);
  }

  InputStream input() {
    return received;
  }

  OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        byte[] message = new byte[length + 1];
        message[0] = DATA;
        System.arraycopy(bytes, from, message, 1, length);
        if (!opened.join().send(ByteString.of(message))) {
          received.check();
          throw new IOException("the connection to the pod is closed");
        }
      }
    };
  }

  void close() {
    received.end(null);
    opened.thenAccept(socket -> socket.close(CLOSE, null));
  }
}
