// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipException;

/**
 * Reads a dump: one pass over the archive, which is never unpacked as a whole. Of each object only
 * what decisions depend on is kept.
 */
public final class DumpReader {
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
      return read(UnpackedStream.of(raw, Files.size(file)));
    } catch (OutOfMemoryError e) {
      // All of it is garbage by now.
      throw new DumpException(
          "%s needs more memory than this Java has (%d MiB): run it with a larger -Xmx"
              .formatted(file, Runtime.getRuntime().maxMemory() >> 20),
          e);
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
          int objects = read(name, info.members().get(name), content, builder);
          if (found.put(name, objects) != null) {
            throw new DumpException("has " + name + " twice");
          }
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
  private static int read(String name, int most, MemberStream content, DumpBuilder builder)
      throws IOException {
    if (name.equals(DumpMembers.SETTINGS)) {
      builder.settings(text(content, new TarHeader(name, content.left(), true)));
      return 1;
    }
    try {
      return builder.list(name, new MemberList(name, most, content));
    } catch (EOFException e) {
      throw content.isCut() ? e : new DumpException("has a broken " + name + ": it ends early", e);
    } catch (DumpException | ZipException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new DumpException("has a broken " + name + ": " + why, e);
    }
  }
}
