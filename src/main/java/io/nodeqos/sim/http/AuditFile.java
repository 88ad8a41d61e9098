// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.http;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/** Writes requests as the lines of a kube-apiserver's audit log at level Metadata. */
final class AuditFile implements Closeable {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final BufferedWriter out;

  private AuditFile(BufferedWriter out) {
    this.out = out;
  }

  static AuditFile open(Path file) throws IOException {
    return new AuditFile(Files.newBufferedWriter(file));
  }

  synchronized void write(RequestLog.Request request) {
    try {
      out.write(line(request).toString());
      out.newLine();
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the audit log cannot be written", e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }

  private static JsonObject line(RequestLog.Request request) {
    JsonObject line = new JsonObject();
    line.addProperty("kind", "Event");
    line.addProperty("apiVersion", "audit.k8s.io/v1");
    line.addProperty("level", "Metadata");
    line.addProperty("auditID", UUID.randomUUID().toString());
    line.addProperty(
        "stage", request.verb().equals("watch") ? "ResponseStarted" : "ResponseComplete");
    line.addProperty("verb", request.verb());
    line.add("user", user());
    line.addProperty("userAgent", request.userAgent());
    if (!request.resource().isEmpty()) {
      line.add("objectRef", objectRef(request));
    }
    JsonObject status = new JsonObject();
    status.add("metadata", new JsonObject());
    status.addProperty("code", request.code());
    line.add("responseStatus", status);
    line.addProperty("requestReceivedTimestamp", micros(request.received()));
    line.addProperty("stageTimestamp", micros(request.completed()));
    return line;
  }

  private static JsonObject user() {
    JsonObject user = new JsonObject();
    user.addProperty("username", "system:anonymous");
    JsonArray groups = new JsonArray();
    groups.add("system:unauthenticated");
    user.add("groups", groups);
    return user;
  }

  private static JsonObject objectRef(RequestLog.Request request) {
    JsonObject ref = new JsonObject();
    add(ref, "resource", request.resource());
    add(ref, "namespace", request.namespace());
    add(ref, "name", request.name());
    add(ref, "apiGroup", request.group());
    add(ref, "subresource", request.subresource());
    add(ref, "resourceVersion", request.resourceVersion());
    return ref;
  }

  private static void add(JsonObject json, String field, String value) {
    if (!value.isEmpty()) {
      json.addProperty(field, value);
    }
  }

  private static String micros(Instant time) {
    return MICROS.format(time);
  }
}
