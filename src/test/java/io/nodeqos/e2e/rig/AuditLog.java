// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.rig;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.realapi.ControlPlane;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** The requests of the controller or of another program, from some moment on. Thread-safe. */
public final class AuditLog {
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final Function<String, Optional<Entry>> parser;
  private final List<Entry> read = new ArrayList<>();
  private long position;

  private AuditLog(Path file, Function<String, Optional<Entry>> parser) {
    this.file = file;
    this.parser = parser;
  }

  /** Those of the controller's ServiceAccount; begins with the next request. */
  public static AuditLog from(ControlPlane plane) {
    AuditLog log = whole(plane.auditLog());
    log.drain(entry -> {});
    return log;
  }

  /**
   * Those of a program, also the ones that are not about an object; begins with the next request.
   *
   * @param userAgent with which the program names itself, or a part of it
   */
  public static AuditLog from(ControlPlane plane, String userAgent) {
    AuditLog log = new AuditLog(plane.auditLog(), line -> parse(line, userAgent));
    log.drain(entry -> {});
    return log;
  }

  /** Those of the controller's ServiceAccount: all that are in the file, and the next ones. */
  public static AuditLog whole(Path file) {
    return new AuditLog(file, AuditLog::parse);
  }

  /**
   * One request.
   *
   * @param resource plural name, with its subresource, such as {@code nodes/status}; "" for a path
   *     without one, such as {@code /version}
   * @param namespace "" for the whole cluster
   * @param name "" for a collection
   * @param pod whose token came with it, "" when that was bound to none
   * @param received when the server began with it
   * @param completed when it was answered, for a watch when it began to be
   * @param body what was sent, an empty object where the log has no bodies
   */
  public record Entry(
      String verb,
      String resource,
      String namespace,
      String name,
      String uri,
      int code,
      String pod,
      Instant received,
      Instant completed,
      JsonObject body) {

    private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete");

    public boolean accepted() {
      return code / 100 == 2;
    }

    /** A dry run writes nothing. */
    public boolean writesNode() {
      return WRITES.contains(verb)
          && (resource.equals("nodes") || resource.equals("nodes/status"))
          && !uri.contains("dryRun=All");
    }

    public boolean writesLease() {
      return WRITES.contains(verb) && resource.equals("leases");
    }

    /** A field of the body, "" when it is not there. */
    public String text(String... path) {
      return World.text(body, path);
    }

    @Override
    public String toString() {
      return "%s to %s %s %s %s at resourceVersion %s: %d"
          .formatted(received, completed, pod, resource, name, version(), code);
    }

    /** The resourceVersion that the write was decided on. */
    public String version() {
      return text("metadata", "resourceVersion");
    }
  }

  /** Those that have been answered, or begun to be for a watch, in the order of the answers. */
  public synchronized List<Entry> entries() {
    drain(read::add);
    return List.copyOf(read);
  }

  /**
   * Hands on the requests that were answered since the last call, one at a time and without keeping
   * them: a log of a large run does not fit into memory.
   */
  public synchronized void drain(Consumer<Entry> consumer) {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      log.seek(position);
      InputStream bytes =
          new BufferedInputStream(Channels.newInputStream(log.getChannel()), BUFFER);
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      // The last line may be half written: it is read again by the next call.
      for (int next = bytes.read(); next >= 0; next = bytes.read()) {
        line.write(next);
        if (next == '\n') {
          position += line.size();
          parser.apply(line.toString(StandardCharsets.UTF_8)).ifPresent(consumer);
          line.reset();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The request of a line; empty for other accounts, and for requests without a resource. */
  public static Optional<Entry> parse(String line) {
    if (!line.contains(Installation.USER)) {
      return Optional.empty();
    }
    JsonObject event = JsonParser.parseString(line).getAsJsonObject();
    return World.text(event, "user", "username").equals(Installation.USER)
            && event.has("objectRef")
            && isAnswer(event)
        ? Optional.of(entry(event))
        : Optional.empty();
  }

  /** The request of a line; empty for other programs. */
  public static Optional<Entry> parse(String line, String userAgent) {
    if (!line.contains(userAgent)) {
      return Optional.empty();
    }
    JsonObject event = JsonParser.parseString(line).getAsJsonObject();
    return World.text(event, "userAgent").contains(userAgent) && isAnswer(event)
        ? Optional.of(entry(event))
        : Optional.empty();
  }

  /** False for the end of a watch, whose beginning has a line, too. */
  private static boolean isAnswer(JsonObject event) {
    if (!event.has("responseStatus")) {
      return false;
    }
    boolean isEndOfWatch =
        World.text(event, "verb").equals("watch")
            && World.text(event, "stage").equals("ResponseComplete")
            && event.getAsJsonObject("responseStatus").get("code").getAsInt() == 200;
    return !isEndOfWatch;
  }

  private static Entry entry(JsonObject event) {
    JsonObject object =
        event.has("objectRef") ? event.getAsJsonObject("objectRef") : new JsonObject();
    String resource = World.text(object, "resource");
    String subresource = World.text(object, "subresource");
    JsonObject user = event.getAsJsonObject("user");
    JsonArray pod =
        user.has("extra")
            ? user.getAsJsonObject("extra").getAsJsonArray("authentication.kubernetes.io/pod-name")
            : null;
    return new Entry(
        World.text(event, "verb"),
        resource + (subresource.isEmpty() ? "" : "/" + subresource),
        resource.equals("namespaces") ? "" : World.text(object, "namespace"),
        World.text(object, "name"),
        World.text(event, "requestURI"),
        event.getAsJsonObject("responseStatus").get("code").getAsInt(),
        pod == null ? "" : pod.get(0).getAsString(),
        Instant.parse(World.text(event, "requestReceivedTimestamp")),
        Instant.parse(World.text(event, "stageTimestamp")),
        event.has("requestObject") ? event.getAsJsonObject("requestObject") : new JsonObject());
  }
}
