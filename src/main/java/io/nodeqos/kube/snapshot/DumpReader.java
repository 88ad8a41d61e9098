// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.snapshot;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nodeqos.kube.codec.Codec;
import io.nodeqos.kube.wire.JsonTolerantReader;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads a dump: one pass over the archive, which is never unpacked as a whole. Of each object only
 * what decisions depend on is kept.
 */
public final class DumpReader {
  /** A real dump is at most about forty times as large as its archive. */
  private static final long MAX_RATIO = 300;

  private static final long ALWAYS_ALLOWED = 64L << 20;
  private static final int MAX_TEXT = 4 << 20;

  private final Path file;

  public DumpReader(Path file) {
    this.file = file;
  }

  /**
   * Reads it.
   *
   * @throws DumpException with a sentence that names the file, and the member where one is wrong
   */
  public Dump read() throws DumpException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      long limit = Math.max(ALWAYS_ALLOWED, Files.size(file) * MAX_RATIO);
      return read(new LimitedStream(new GZIPInputStream(raw, 1 << 16), limit));
    } catch (DumpException e) {
      throw new DumpException(file + " " + e.getMessage(), e);
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw new DumpException(file + " does not exist", e);
    } catch (ZipException e) {
      throw new DumpException(file + " is not a dump of nodeqos: it is no tar.gz archive", e);
    } catch (EOFException e) {
      throw new DumpException(file + " is cut: it ends in the middle", e);
    } catch (IOException e) {
      throw new DumpException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static Dump read(InputStream in) throws IOException {
    TarHeader first = next(in);
    while (first != null && !first.isFile()) {
      in.skipNBytes(first.size() + first.padding());
      first = next(in);
    }
    if (first == null || !plainName(first).equals(DumpInfo.MEMBER)) {
      throw new DumpException(
          "is not a dump of nodeqos: it does not begin with " + DumpInfo.MEMBER);
    }
    DumpInfo info = info(text(in, first));
    in.skipNBytes(first.padding());
    DumpBuilder builder = new DumpBuilder(info);
    Map<String, Integer> found = new HashMap<>();
    for (TarHeader member = next(in); member != null; member = next(in)) {
      String name = plainName(member);
      try (MemberStream content = new MemberStream(in, member.size())) {
        if (member.isFile() && info.members().containsKey(name)) {
          found.put(name, read(name, content, builder));
        }
      }
      in.skipNBytes(member.padding());
    }
    for (Map.Entry<String, Integer> expected : info.members().entrySet()) {
      Integer objects = found.get(expected.getKey());
      if (objects == null) {
        throw new DumpException("is cut: " + expected.getKey() + " is missing");
      }
      if (!objects.equals(expected.getValue())) {
        throw new DumpException(
            "has %d objects in %s, must have %d"
                .formatted(objects, expected.getKey(), expected.getValue()));
      }
    }
    return builder.dump();
  }

  /** Other programs that pack an archive again put {@code ./} before each name. */
  private static String plainName(TarHeader member) {
    return member.name().startsWith("./") ? member.name().substring(2) : member.name();
  }

  private static TarHeader next(InputStream in) throws IOException {
    byte[] block = in.readNBytes(TarHeader.BLOCK);
    if (block.length == 0 || TarHeader.isEnd(block)) {
      return null;
    }
    if (block.length < TarHeader.BLOCK) {
      throw new EOFException();
    }
    return TarHeader.of(block);
  }

  private static DumpInfo info(String text) throws DumpException {
    try {
      return DumpInfo.of(JsonParser.parseString(text).getAsJsonObject());
    } catch (JsonParseException | IllegalStateException e) {
      throw new DumpException("has a broken " + DumpInfo.MEMBER + ": it is not JSON", e);
    }
  }

  private static String text(InputStream in, TarHeader member) throws IOException {
    if (member.size() > MAX_TEXT) {
      throw new DumpException(plainName(member) + " is too large");
    }
    byte[] bytes = in.readNBytes((int) member.size());
    if (bytes.length < member.size()) {
      throw new EOFException();
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Returns how many objects it has. */
  private static int read(String name, MemberStream content, DumpBuilder builder)
      throws IOException {
    if (name.equals(DumpMembers.SETTINGS)) {
      builder.settings(text(content, new TarHeader(name, content.left(), true)));
      return 1;
    }
    try (LimitedReader reader = new LimitedReader(content, MAX_TEXT)) {
      return builder.list(name, new MemberList(reader));
    } catch (EOFException e) {
      throw content.isCut() ? e : new DumpException("has a broken " + name + ": it ends early", e);
    } catch (DumpException | ZipException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new DumpException("has a broken " + name + ": " + why, e);
    }
  }

  /** The items of a member that is a list. */
  static final class MemberList {
    private final LimitedReader source;
    private final JsonTolerantReader in;
    private int objects;

    private MemberList(LimitedReader source) {
      this.source = source;
      this.in = new JsonTolerantReader(source);
    }

    /** Decodes all items; returns how many there are. */
    <V> int each(Codec<V> codec, Consumer<V> views) throws IOException {
      in.requiredObject(
          "a list",
          field -> {
            if (field.equals("items")) {
              in.array(
                  () -> {
                    source.restart();
                    views.accept(codec.decode(in).view());
                    objects++;
                  });
            } else {
              in.skip();
            }
          });
      return objects;
    }

    int eachTree(Consumer<JsonObject> trees) throws IOException {
      return each(new TreeCodec(), trees);
    }
  }

  /** Fails once an object has more characters than any real one: no text of it is kept whole. */
  private static final class LimitedReader extends Reader {
    private final Reader in;
    private final long limit;
    private long characters;

    LimitedReader(InputStream in, long limit) {
      this.in = new InputStreamReader(in, StandardCharsets.UTF_8);
      this.limit = limit;
    }

    void restart() {
      characters = 0;
    }

    @Override
    public int read(char[] to, int at, int length) throws IOException {
      int read = in.read(to, at, length);
      characters += read;
      if (characters > limit) {
        throw new IOException("an object is too large");
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** The content of one member. Its end is not that of the archive. */
  private static final class MemberStream extends InputStream {
    private final InputStream archive;
    private long left;
    private boolean cut;

    MemberStream(InputStream archive, long size) {
      this.archive = archive;
      this.left = size;
    }

    long left() {
      return left;
    }

    boolean isCut() {
      return cut;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int at, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int read;
      try {
        read = archive.read(to, at, (int) Math.min(length, left));
      } catch (EOFException e) {
        cut = true;
        throw e;
      }
      if (read < 0) {
        cut = true;
        throw new EOFException();
      }
      left -= read;
      return read;
    }

    /** Leaves the archive at the end of the member. */
    @Override
    public void close() throws IOException {
      archive.skipNBytes(left);
      left = 0;
    }
  }

  /** Fails when far more comes out of an archive than dumps have. */
  private static final class LimitedStream extends InputStream {
    private final InputStream in;
    private long left;

    LimitedStream(InputStream in, long limit) {
      this.in = in;
      this.left = limit;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int at, int length) throws IOException {
      int read = in.read(to, at, length);
      left -= read;
      if (left < 0) {
        throw new DumpException("is not a dump of nodeqos: it unpacks to far too much");
      }
      return read;
    }
  }
}
