// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nodeqos.sim.request.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * A plain JSON client of the Kubernetes API without credentials, so that it shares no code with the
 * controller's own client. Safe for use by many threads.
 *
 * <p>Paths start with a slash and hold no characters to escape. A transport error, 429 and 5xx
 * throw IOException, as all of them can be retried; every other answer is a {@link Reply}.
 */
public final class FleetClient implements FleetApi {

  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

  /** The patch formats of the Kubernetes API that are needed here. */
  public enum PatchType {
    MERGE("application/merge-patch+json"),
    STRATEGIC("application/strategic-merge-patch+json");

    private final String contentType;

    PatchType(String contentType) {
      this.contentType = contentType;
    }

    public String contentType() {
      return contentType;
    }
  }

  /** An answer; the body is empty when the server sent none. */
  public record Reply(int code, JsonObject body) {
    public boolean ok() {
      return code >= 200 && code < 300;
    }

    /** The server's error message. */
    public String message() {
      return code + " " + FleetJson.text(body, "message");
    }

    /**
     * Passes a 2xx and {@code tolerated} through.
     *
     * @throws IllegalStateException for any other answer: a mistake of the caller, not to be
     *     retried
     */
    public Reply expect(String what, int tolerated) {
      if (!ok() && code != tolerated) {
        throw new IllegalStateException(what + " was refused: " + message());
      }
      return this;
    }
  }

  private final HttpClient http;
  private final URI server;
  private final String userAgent;

  private FleetClient(HttpClient http, URI server, String userAgent) {
    this.http = http;
    this.server = server;
    this.userAgent = userAgent;
  }

  /** A client of its own connections. */
  public static FleetClient of(URI server, String userAgent) {
    // HTTP/1.1: the upgrade to h2c that the JDK's client offers by default is one more possible
    // failure.
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    return new FleetClient(http, server, userAgent);
  }

  /** The same connections under another name in the server's log. */
  public FleetClient as(String otherUserAgent) {
    return new FleetClient(http, server, otherUserAgent);
  }

  @Override
  public Reply get(String path) throws IOException {
    return call(request(path).GET());
  }

  @Override
  public Reply create(String path, JsonObject object) throws IOException {
    return call(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(object.toString())));
  }

  @Override
  public Reply patch(String path, PatchType type, JsonObject patch) throws IOException {
    return call(
        request(path)
            .header("Content-Type", type.contentType)
            .method("PATCH", BodyPublishers.ofString(patch.toString())));
  }

  @Override
  public Reply delete(String path) throws IOException {
    return call(request(path).DELETE());
  }

  /** The raw stream of a watch; closing it ends the request. A code other than 200 throws. */
  InputStream stream(String path) throws IOException {
    HttpResponse<InputStream> response =
        send(HttpRequest.newBuilder(server.resolve(path)).GET(), BodyHandlers.ofInputStream());
    if (response.statusCode() == 200) {
      return response.body();
    }
    response.body().close();
    throw new FleetWatch.Refused(
        response.statusCode(), "GET " + path + ": " + response.statusCode());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.resolve(path)).timeout(CALL_TIMEOUT);
  }

  private Reply call(HttpRequest.Builder builder) throws IOException {
    HttpResponse<String> response = send(builder, BodyHandlers.ofString());
    Reply reply = new Reply(response.statusCode(), object(response));
    if (reply.code() == 429 || reply.code() >= 500) {
      throw new IOException(
          response.request().method() + " " + response.uri().getPath() + ": " + reply.message());
    }
    return reply;
  }

  private static JsonObject object(HttpResponse<String> response) {
    try {
      var parsed = JsonParser.parseString(response.body());
      return parsed.isJsonObject() ? parsed.getAsJsonObject() : new JsonObject();
    } catch (JsonParseException notJson) {
      JsonObject wrapped = new JsonObject();
      wrapped.addProperty("message", response.body());
      return wrapped;
    }
  }

  private <T> HttpResponse<T> send(HttpRequest.Builder builder, HttpResponse.BodyHandler<T> handler)
      throws IOException {
    try {
      return http.send(builder.header("User-Agent", userAgent).build(), handler);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
  }
}
