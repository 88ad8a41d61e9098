// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.realapi.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;

/** What one user asked of the server from some moment on. */
final class AuditLog {
  private final ControlPlane plane;
  private final long from;

  private AuditLog(ControlPlane plane, long from) {
    this.plane = plane;
    this.from = from;
  }

  /** Begins with the next request. */
  static AuditLog from(ControlPlane plane) {
    return new AuditLog(plane, lines(plane).size());
  }

  /**
   * One request.
   *
   * @param resource plural name, with its subresource, such as {@code nodes/status}
   * @param namespace "" for the whole cluster
   */
  record Entry(String verb, String resource, String namespace, int code, String pod) {}

  /**
   * Those of the controller's ServiceAccount that have been answered, or begun to be for a watch.
   */
  List<Entry> entries() {
    return lines(plane).stream()
        .skip(from)
        .filter(line -> line.contains(Installation.USER))
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .filter(event -> text(event.getAsJsonObject("user"), "username").equals(Installation.USER))
        .filter(event -> event.has("objectRef") && event.has("responseStatus"))
        .map(AuditLog::entry)
        .toList();
  }

  private static Entry entry(JsonObject event) {
    JsonObject object = event.getAsJsonObject("objectRef");
    String subresource = text(object, "subresource");
    JsonObject extra = event.getAsJsonObject("user").getAsJsonObject("extra");
    return new Entry(
        text(event, "verb"),
        text(object, "resource") + (subresource.isEmpty() ? "" : "/" + subresource),
        text(object, "resource").equals("namespaces") ? "" : text(object, "namespace"),
        event.getAsJsonObject("responseStatus").get("code").getAsInt(),
        extra.getAsJsonArray("authentication.kubernetes.io/pod-name").get(0).getAsString());
  }

  private static String text(JsonObject object, String field) {
    return object.has(field) ? object.get(field).getAsString() : "";
  }

  private static List<String> lines(ControlPlane plane) {
    try {
      String text = Files.readString(plane.auditLog());
      // The last line may be half written.
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
