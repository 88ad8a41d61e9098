// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import java.io.ByteArrayOutputStream;
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
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/** A dump that a test writes member by member. */
public final class DumpArchive {
  private final Map<String, Integer> declared = new LinkedHashMap<>();
  private final List<byte[]> members = new ArrayList<>();
  private final String product;
  private final List<String> missing;

  /**
   * @param product version of the program that has taken it
   */
  public DumpArchive(String product, List<String> missing) {
    this.product = product;
    this.missing = missing;
  }

  /** Adds a list. */
  public void member(String name, int objects, String content) {
    declared.put(name, objects);
    raw(name, content);
  }

  /** Adds a member that the dump does not know of. */
  void raw(String name, String content) {
    members.add(member(name, content));
  }

  static byte[] member(String name, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    TarHeader header = new TarHeader(name, bytes.length, true);
    ByteArrayOutputStream member = new ByteArrayOutputStream();
    member.writeBytes(header.block(0));
    member.writeBytes(bytes);
    member.writeBytes(new byte[(int) header.padding()]);
    return member.toByteArray();
  }

  /** Before it is compressed. */
  byte[] whole() {
    DumpInfo info =
        new DumpInfo(
            product,
            "",
            Instant.parse("2026-01-01T00:00:00Z"),
            "own",
            Map.of("kube-system", true),
            Set.of(),
            declared,
            missing);
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    archive.writeBytes(member(DumpInfo.MEMBER, info.toJson().toString()));
    members.forEach(archive::writeBytes);
    archive.writeBytes(new byte[2 * TarHeader.BLOCK]);
    return archive.toByteArray();
  }

  public Path writeTo(Path file) throws IOException {
    return compressed(whole(), file);
  }

  static Path compressed(byte[] content, Path file) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(content);
    }
    return file;
  }
}
