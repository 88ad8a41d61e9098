// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.kube.SimCluster;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.snapshot.SnapshotReader;
import io.nodeqos.kube.snapshot.Wanted;
import io.nodeqos.kube.watch.ListReader;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.time.Pauses;
import io.nodeqos.time.TimeSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A dump gives the snapshot of the cluster again, and nothing else of it. */
class DumpTest {
  private final SimCluster cluster = new SimCluster();

  @TempDir Path directory;

  @AfterEach
  void stop() {
    cluster.close();
  }

  private Wanted wanted() throws IOException {
    return new Wanted(reader().controller("nodeqos-system").value(), settings(), true);
  }

  private static KubeSettings settings() {
    return KubeSettings.defaults();
  }

  private SnapshotReader reader() {
    return SnapshotReader.of(
        TestClients.watch(directory, cluster.url()), Pauses.system(), ListReader.Progress.NONE);
  }

  private Path dump() throws IOException {
    Path file = directory.resolve("fleet.tar.gz");
    JsonObject transition = new JsonObject();
    transition.addProperty("node", "node-1");
    JsonArray history = new JsonArray();
    history.add(transition);
    try (Spool spool = Spool.create();
        OutputStream out = Files.newOutputStream(file)) {
      DumpInfo info =
          ClusterDumper.of(
                  TestClients.watch(directory, cluster.url()),
                  Pauses.system(),
                  ListReader.Progress.NONE)
              .dump(wanted(), "0.1.0", Optional.of(history), spool);
      spool.writeTo(out, info);
    }
    return file;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void snapshotOfTheDumpIsThatOfTheCluster(long seed) throws IOException {
    new RandomCluster(cluster, seed).create();

    ClusterSnapshot live = reader().read(wanted()).value();
    Path file = dump();
    Dump read = new DumpReader(file).read();

    ClusterSnapshot dumped = read.snapshot();
    assertEquals(
        new ClusterSnapshot(
            dumped.takenAt(),
            live.controller(),
            live.nodes(),
            live.csiDrivers(),
            live.reserved(),
            live.policies(),
            live.spinners(),
            live.extendedRequests()),
        dumped);
    assertFalse(dumped.extendedRequests().orElseThrow().isEmpty(), "the test has none to compare");
    assertEquals("node-1", read.history().get(0).get("node").getAsString());
    assertFalse(unpacked(file).contains("s3cret"), "a part of an object that must be left out");
  }

  /** The first is full in the middle of the list, the second at its end. */
  @ParameterizedTest
  @ValueSource(ints = {200, 1})
  void aFullDiskIsNotAListThatCannotBeRead(int nodes) throws IOException {
    new RandomCluster(cluster, 7).create();
    for (int i = 0; i < nodes; i++) {
      cluster.create(
          "/api/v1/nodes",
          "{\"kind\":\"Node\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"more-" + i + "\"}}");
    }
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full));
    Path spooled = Files.createDirectory(directory.resolve("spool"));
    Files.createSymbolicLink(spooled.resolve("nodes.json"), full);
    List<Duration> slept = new ArrayList<>();
    try (Spool spool = Spool.in(spooled)) {
      ClusterDumper dumper =
          ClusterDumper.of(
              TestClients.watch(directory, cluster.url()),
              new Pauses(TimeSource.system(), slept::add, () -> 0),
              ListReader.Progress.NONE);

      SpoolException failure =
          assertThrows(
              SpoolException.class, () -> dumper.dump(wanted(), "0.1.0", Optional.empty(), spool));

      assertEquals(
          "The dump cannot be written to "
              + spooled.resolve("nodes.json")
              + ": No space left on device",
          failure.getMessage());
    }
    assertEquals(List.of(), slept, "the list was read again");
  }

  private static String unpacked(Path file) throws IOException {
    return new String(bytes(file), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(Path file) throws IOException {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      return in.readAllBytes();
    }
  }

  private Path changed(Path file, UnaryOperator<byte[]> change) throws IOException {
    Path other = directory.resolve("other.tar.gz");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(change.apply(bytes(file)));
    }
    Files.write(other, out.toByteArray());
    return other;
  }

  private static String refusal(Path file) {
    String message = assertThrows(DumpException.class, new DumpReader(file)::read).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
    assertFalse(message.contains("\n"), message);
    return message.substring(file.toString().length() + 1);
  }

  private static byte[] replaced(byte[] archive, String from, String to) {
    assertEquals(from.length(), to.length(), "the sizes in the archive must stay");
    String text = new String(archive, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains(from), from);
    return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void filesThatAreNoDumpAreRefused() throws IOException {
    assertEquals("does not exist", refusal(directory.resolve("none")));
    Path text = directory.resolve("text");
    Files.writeString(text, "hello");
    assertEquals("is not a dump of nodeqos: it is no tar.gz archive", refusal(text));
    Path zipped = directory.resolve("zipped");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write(new byte[10_000]);
    }
    assertEquals("is not a dump of nodeqos: it does not begin with dump.json", refusal(zipped));
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write("hello".repeat(1000).getBytes(StandardCharsets.UTF_8));
    }
    assertEquals("is not a tar archive", refusal(zipped));
  }

  @Test
  void dumpsThatAreDamagedAreRefused() throws IOException {
    new RandomCluster(cluster, 7).create();
    Path file = dump();

    byte[] whole = Files.readAllBytes(file);
    Path cut = directory.resolve("cut.tar.gz");
    for (int percent : new int[] {10, 50, 90, 99}) {
      Files.write(cut, Arrays.copyOf(whole, whole.length * percent / 100));
      assertEquals("is cut: it ends in the middle", refusal(cut));
    }
    assertEquals(
        "is a dump of format 9, taken by nodeqos 0.1.0; this program reads format 1",
        refusal(changed(file, b -> replaced(b, "\"format\":1", "\"format\":9"))));
    assertEquals(
        "is not a dump of nodeqos",
        refusal(changed(file, b -> replaced(b, "\"kind\":\"Dump\"", "\"kind\":\"Dumb\""))));
    assertEquals(
        "is cut: other.json is missing",
        refusal(changed(file, b -> replaced(b, "\"nodes.json\"", "\"other.json\""))));
    assertTrue(
        refusal(changed(file, b -> replaced(b, "\"kind\":\"Node\"", "\"kind\":]Node\"")))
            .startsWith("has a broken nodes.json: "),
        "the member is named");
    assertTrue(
        refusal(changed(file, b -> replaced(b, "\"name\":\"node-0\"", "\"nome\":\"node-0\"")))
            .startsWith("has a broken nodes.json: an object without metadata.name"),
        "the member is named");
  }

  @Test
  void archivesThatUnpackToFarTooMuchAreRefused() throws IOException {
    new RandomCluster(cluster, 7).create();
    Path file = dump();
    Path bomb = directory.resolve("bomb.tar.gz");
    byte[] archive = bytes(file);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(bomb))) {
      out.write(archive, 0, archive.length - 2 * TarHeader.BLOCK);
      out.write(new TarHeader("more.json", 100L << 20, true).block(0));
      for (int i = 0; i < 100; i++) {
        out.write(new byte[1 << 20]);
      }
    }
    assertEquals("is not a dump of nodeqos: it unpacks to far too much", refusal(bomb));

    String big = "x".repeat(5 << 20);
    assertEquals(
        "has a broken nodes.json: an object is too large",
        refusal(
            changed(
                file,
                b -> {
                  ByteArrayOutputStream out = new ByteArrayOutputStream();
                  String text = new String(b, StandardCharsets.ISO_8859_1);
                  int at = text.indexOf("nodes.json\0");
                  out.write(b, 0, at);
                  byte[] node =
                      ("{\"items\":[{\"metadata\":{\"name\":\"" + big + "\"}}]}")
                          .getBytes(StandardCharsets.UTF_8);
                  TarHeader header = new TarHeader("nodes.json", node.length, true);
                  out.writeBytes(header.block(0));
                  out.writeBytes(node);
                  out.writeBytes(new byte[(int) header.padding()]);
                  return out.toByteArray();
                })));
  }
}
