// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.kube.watch.ListReader;
import java.util.Optional;

/** Writes a list into its member of a dump as it arrives. For one thread. */
final class MemberWriter implements ListReader.Sink<JsonObject>, AutoCloseable {
  private final Spool spool;
  private final String member;
  private final String apiVersion;
  private final String kind;
  private final Shape shape;
  private Spool.ListFile file;

  private MemberWriter(
      Spool spool,
      String member,
      String apiVersion,
      String kind,
      Shape shape,
      Spool.ListFile file) {
    this.spool = spool;
    this.member = member;
    this.apiVersion = apiVersion;
    this.kind = kind;
    this.shape = shape;
    this.file = file;
  }

  /**
   * Opens the member.
   *
   * @param kind apiVersion and kind of the objects, with a blank between
   */
  static MemberWriter of(Spool spool, String member, String kind, Shape shape)
      throws SpoolException {
    int blank = kind.indexOf(' ');
    return new MemberWriter(
        spool,
        member,
        kind.substring(0, blank),
        kind.substring(blank + 1),
        shape,
        spool.list(member));
  }

  @Override
  public void restart() throws SpoolException {
    file.close();
    file = spool.list(member);
  }

  @Override
  public void add(JsonObject object) throws SpoolException {
    Optional<JsonElement> kept = shape.kept(object);
    if (kept.isPresent()) {
      JsonObject whole = new JsonObject();
      whole.addProperty("apiVersion", apiVersion);
      whole.addProperty("kind", kind);
      kept.get().getAsJsonObject().entrySet().forEach(e -> whole.add(e.getKey(), e.getValue()));
      file.add(whole);
    }
  }

  @Override
  public void close() throws SpoolException {
    file.close();
  }
}
