// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonIOException;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * The members of a dump, on disk until all of them are there: a tar archive has the size of a
 * member before its content, and a dump that could not be finished is not written at all. Only its
 * owner may read the directory. For one thread.
 */
public final class Spool implements Closeable {
  /** Takes one object of a list. */
  interface ObjectReader {
    void read(JsonObject object) throws IOException;
  }

  private final Path directory;
  private final Map<String, Integer> members = new LinkedHashMap<>();

  private Spool(Path directory) {
    this.directory = directory;
  }

  /**
   * Creates one in the directory for temporary files.
   *
   * @throws SpoolException when no file can be made there
   */
  public static Spool create() throws SpoolException {
    try {
      return in(Files.createTempDirectory("nodeqos-dump"));
    } catch (IOException e) {
      throw new SpoolException(Path.of(System.getProperty("java.io.tmpdir")), e);
    }
  }

  /** Why a file cannot be written, as a clause without the name of the file. */
  public static String reason(Exception e) {
    return SpoolException.reason(e);
  }

  /** In a directory that is deleted with it. */
  static Spool in(Path directory) {
    return new Spool(directory);
  }

  /** Objects in each member so far. */
  Map<String, Integer> members() {
    return Map.copyOf(members);
  }

  int objects(String member) {
    return members.getOrDefault(member, 0);
  }

  /** Writes one list; begin again with a new one of the same name. */
  ListFile list(String member) throws SpoolException {
    members.remove(member);
    Path file = directory.resolve(member);
    try {
      return new ListFile(member, file);
    } catch (IOException e) {
      throw new SpoolException(file, e);
    }
  }

  void text(String member, String text) throws SpoolException {
    Path file = directory.resolve(member);
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new SpoolException(file, e);
    }
    members.put(member, 1);
  }

  String text(String member) throws IOException {
    return Files.readString(directory.resolve(member));
  }

  /** Reads a list object by object. */
  void read(String member, ObjectReader reader) throws IOException {
    try (JsonReader in = new JsonReader(Files.newBufferedReader(directory.resolve(member)))) {
      in.beginObject();
      while (in.hasNext()) {
        if (in.nextName().equals("items")) {
          in.beginArray();
          while (in.hasNext()) {
            reader.read(JsonParser.parseReader(in).getAsJsonObject());
          }
          in.endArray();
        } else {
          in.skipValue();
        }
      }
    }
  }

  void forget(String member) {
    members.remove(member);
  }

  /** Writes the archive. */
  public void writeTo(OutputStream out, DumpInfo info) throws IOException {
    try (GZIPOutputStream zip = new GZIPOutputStream(new BufferedOutputStream(out), 1 << 16)) {
      byte[] first = (info.toJson() + "\n").getBytes(StandardCharsets.UTF_8);
      begin(zip, DumpInfo.MEMBER, first.length, info.takenAt());
      zip.write(first);
      zip.write(new byte[(int) new TarHeader("", first.length, true).padding()]);
      List<String> names = new ArrayList<>(members.keySet());
      for (String name : names) {
        Path file = directory.resolve(name);
        long size = Files.size(file);
        begin(zip, name, size, info.takenAt());
        Files.copy(file, zip);
        zip.write(new byte[(int) new TarHeader("", size, true).padding()]);
      }
      zip.write(new byte[2 * TarHeader.BLOCK]);
    }
  }

  private static void begin(OutputStream zip, String name, long size, Instant time)
      throws IOException {
    zip.write(new TarHeader(name, size, true).block(time.getEpochSecond()));
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  /** A list that is being written. */
  final class ListFile implements Closeable {
    private final String member;
    private final Path file;
    private final JsonWriter out;
    private final Gson gson = new GsonBuilder().disableHtmlEscaping().create();
    private int objects;

    private ListFile(String member, Path file) throws IOException {
      this.member = member;
      this.file = file;
      this.out = new JsonWriter(Files.newBufferedWriter(file));
      out.setHtmlSafe(false);
      out.beginObject().name("apiVersion").value("v1").name("kind").value("List");
      out.name("metadata").beginObject().endObject();
      out.name("items").beginArray();
    }

    void add(JsonElement object) throws SpoolException {
      try {
        gson.toJson(object, out);
      } catch (JsonIOException e) {
        throw new SpoolException(file, e);
      }
      objects++;
    }

    @Override
    public void close() throws SpoolException {
      try (out) {
        out.endArray().endObject();
      } catch (IOException e) {
        throw new SpoolException(file, e);
      }
      members.put(member, objects);
    }
  }
}
