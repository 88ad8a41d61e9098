// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.request.ApiPath;
import io.nodeqos.sim.request.ApiRequest;
import io.nodeqos.sim.request.Fault;
import io.nodeqos.sim.request.Reply;
import io.nodeqos.sim.request.RequestInfo;
import io.nodeqos.sim.resource.Discovery;
import io.nodeqos.sim.resource.ResourceEndpoint;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Handles a request of the HTTP server: faults, answer, log entry, reply to the client. */
final class ApiHandler implements HttpHandler {
  /** A kube-apiserver's own limit of a request body. */
  private static final int BODY_LIMIT = 3 * 1024 * 1024;

  private final ResourceEndpoint resources;
  private final Discovery discovery;
  private final Faults faults;
  private final RequestLog log;
  private final TimeSource time;

  ApiHandler(
      ResourceEndpoint resources,
      Discovery discovery,
      Faults faults,
      RequestLog log,
      TimeSource time) {
    this.resources = resources;
    this.discovery = discovery;
    this.faults = faults;
    this.log = log;
    this.time = time;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      ApiRequest request = read(exchange);
      Instant received = time.wallTime();
      Optional<Faults.Injection> injection = faults.take(request.info());
      if (injection.isPresent()) {
        request = withFault(request, injection.get().fault());
      }
      Reply reply = reply(request, injection);
      record(request, received, reply);
      if (reply != null) {
        send(exchange, reply);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  /** The answer, or null when the connection is to be closed without one. */
  private Reply reply(ApiRequest request, Optional<Faults.Injection> injection)
      throws InterruptedException {
    if (injection.isEmpty()) {
      return answer(request);
    }
    Fault fault = injection.get().fault();
    if (fault instanceof Fault.Refuse refuse) {
      return FaultReplies.refuse(refuse);
    } else if (fault instanceof Fault.Garbage) {
      return FaultReplies.garbage();
    } else if (fault instanceof Fault.Drop) {
      return null;
    } else if (fault instanceof Fault.LoseReply) {
      answer(request);
      return null;
    } else if (fault instanceof Fault.Stall) {
      injection.get().awaitRelease();
    } else if (fault instanceof Fault.Delay delay) {
      Thread.sleep(delay.time().toMillis());
    }
    return answer(request);
  }

  private Reply answer(ApiRequest request) {
    try {
      if (request.content().body().length > BODY_LIMIT) {
        throw new ApiException(ApiStatus.tooLarge(BODY_LIMIT));
      }
      if (request.path().isPresent()) {
        return resources.answer(request, request.path().get());
      }
      return discovery.find(request.rawPath()).orElse(Reply.text(404, "404 page not found\n"));
    } catch (ApiException e) {
      return Reply.refusal(e.status());
    } catch (RuntimeException e) {
      return Reply.refusal(ApiStatus.internal(e.toString()));
    }
  }

  private void record(ApiRequest request, Instant received, Reply reply) {
    RequestInfo info = request.info();
    int code = 0;
    Reply.ObjectVersion subject = Reply.ObjectVersion.NONE;
    if (reply instanceof Reply.Body body) {
      code = body.code();
      subject = body.subject();
    } else if (reply instanceof Reply.Stream) {
      code = 200;
    }
    log.add(
        new RequestLog.Request(
            received,
            time.wallTime(),
            info.verb(),
            info.group(),
            info.resource(),
            info.subresource(),
            info.namespace(),
            info.name().isEmpty() ? subject.name() : info.name(),
            code,
            info.userAgent(),
            subject.resourceVersion(),
            request.content().accept().contains("as=PartialObjectMetadata")));
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    if (reply instanceof Reply.Stream stream) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      try {
        // The headers must not wait for the first event.
        out.flush();
        stream.watch().run(out);
      } catch (IOException e) {
        abort(out);
      }
      return;
    }
    Reply.Body body = (Reply.Body) reply;
    exchange.getResponseHeaders().set("Content-Type", body.contentType());
    body.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    long length = body.parts().stream().mapToLong(part -> part.length).sum();
    exchange.sendResponseHeaders(body.code(), length == 0 ? -1 : length);
    if (length > 0) {
      OutputStream out = exchange.getResponseBody();
      for (byte[] part : body.parts()) {
        out.write(part);
      }
    }
  }

  /** Closes the socket without ending the chunked body: an interrupted write closes its channel. */
  @SuppressWarnings("ThreadInterrupted")
  private static void abort(OutputStream out) {
    Thread.currentThread().interrupt();
    try {
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      // The closed connection is the purpose.
    } finally {
      Thread.interrupted();
    }
  }

  private static ApiRequest read(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    Headers headers = exchange.getRequestHeaders();
    ApiRequest.Content content =
        new ApiRequest.Content(
            header(headers, "Accept"),
            header(headers, "Content-Type"),
            exchange.getRequestBody().readNBytes(BODY_LIMIT + 1));
    Optional<ApiPath> target = ApiPath.parse(path);
    String userAgent = header(headers, "User-Agent");
    String method = exchange.getRequestMethod();
    RequestInfo info =
        target
            .map(
                to ->
                    new RequestInfo(
                        verb(method, to, query),
                        to.group(),
                        to.resource(),
                        to.subresource(),
                        to.namespace(),
                        to.name(),
                        userAgent))
            .orElseGet(() -> new RequestInfo("get", "", "", "", "", path, userAgent));
    return new ApiRequest(info, target, path, query, content, Optional.empty());
  }

  private static String verb(String method, ApiPath path, Map<String, String> query) {
    boolean collection = path.name().isEmpty();
    return switch (method) {
      case "GET" -> {
        String watch = query.getOrDefault("watch", "");
        boolean watches = watch.equals("true") || watch.equals("1");
        yield collection ? (watches ? "watch" : "list") : "get";
      }
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> collection ? "deletecollection" : "delete";
      default -> method.toLowerCase(java.util.Locale.ROOT);
    };
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    for (String pair : raw == null ? List.<String>of() : List.of(raw.split("&"))) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      query.put(
          URLDecoder.decode(name, StandardCharsets.UTF_8),
          URLDecoder.decode(value, StandardCharsets.UTF_8));
    }
    return query;
  }

  private static String header(Headers headers, String name) {
    List<String> values = headers.get(name);
    return values == null ? "" : String.join(",", values);
  }

  private static ApiRequest withFault(ApiRequest request, Fault fault) {
    return new ApiRequest(
        request.info(),
        request.path(),
        request.rawPath(),
        request.query(),
        request.content(),
        Optional.of(fault));
  }
}
