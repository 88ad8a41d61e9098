// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.preview.SnapshotCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that no program has written as a dump, or that were changed on purpose. */
class HostileDumpTest {
  private static final String NODE =
      "{\"metadata\":{\"name\":\"%s\",\"uid\":\"u\",\"resourceVersion\":\"1\"}}";

  @TempDir Path directory;

  private final DumpArchive archive = new DumpArchive("0.1.0", List.of());

  private static String list(String... items) {
    return "{\"items\":[" + String.join(",", items) + "]}";
  }

  private static String node(String name) {
    return NODE.formatted(name);
  }

  private Path file(byte[] content) throws IOException {
    return DumpArchive.compressed(content, directory.resolve("dump.tar.gz"));
  }

  private String refusal(byte[] content) throws IOException {
    Path file = file(content);
    String message = assertThrows(DumpException.class, new DumpReader(file)::read).getMessage();
    assertTrue(message.startsWith(file + " "), message);
    assertFalse(message.contains("\n"), message);
    return message.substring(file.toString().length() + 1);
  }

  /** The sum of a header is right again after its size was changed. */
  private static byte[] withSize(byte[] archive, int at, String size) {
    byte[] changed = archive.clone();
    byte[] digits = (size + "\0").getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, changed, at + 124, digits.length);
    int sum = 0;
    for (int i = 0; i < TarHeader.BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : changed[at + i] & 0xff;
    }
    byte[] text = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, changed, at + 148, text.length);
    return changed;
  }

  private static int header(byte[] archive, String member) {
    String text = new String(archive, StandardCharsets.ISO_8859_1);
    int at = text.indexOf(member + "\0");
    assertEquals(0, at % TarHeader.BLOCK);
    return at;
  }

  @Test
  void negativeSizesAreRefused() throws IOException {
    archive.member(DumpMembers.NODES, 1, list(node("a")));
    byte[] whole = archive.whole();

    assertEquals("is not a tar archive", refusal(withSize(whole, 0, "-0000000100")));
    assertEquals(
        "is not a tar archive",
        refusal(withSize(whole, header(whole, DumpMembers.NODES), "-0000000100")));
  }

  @Test
  void memberThatIsThereTwiceIsRefused() throws IOException {
    archive.member(DumpMembers.NODES, 1, list(node("a")));
    archive.raw(DumpMembers.NODES, list(node("b")));

    assertEquals("has nodes.json twice", refusal(archive.whole()));
  }

  @Test
  void objectThatIsThereTwiceIsRefused() throws IOException {
    archive.member(DumpMembers.NODES, 2, list(node("a"), node("a")));

    assertEquals("has a broken nodes.json: a is there twice", refusal(archive.whole()));
  }

  @Test
  void moreObjectsThanTheDumpSaysAreNotRead() throws IOException {
    archive.member(DumpMembers.NODES, 1, list(node("a"), node("b"), "this is no JSON"));

    assertEquals("has more than 1 object in nodes.json", refusal(archive.whole()));
  }

  @Test
  void objectsThatAreNestedTooDeeplyAreRefused() throws IOException {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    archive.member(
        DumpMembers.POLICIES,
        1,
        list(
            "{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"1\"},\"spec\":{\"a\":"
                + deep
                + "}}"));
    assertTrue(
        refusal(archive.whole()).startsWith("has a broken nodeqospolicies.json: "),
        "the member is named");
  }

  @Test
  void descriptionThatIsNestedTooDeeplyIsRefused() throws IOException {
    byte[] content = DumpArchive.member(DumpInfo.MEMBER, "[".repeat(100_000));

    assertTrue(refusal(content).startsWith("has a broken dump.json: "), "the member is named");
  }

  /** Far fewer bytes than an archive may unpack to, and far more objects than fit into 32 MiB. */
  @Test
  void moreThanFitsIntoMemoryIsOneSentence() throws Exception {
    int nodes = 200_000;
    StringBuilder items = new StringBuilder();
    for (int i = 0; i < nodes; i++) {
      items.append(i == 0 ? "" : ",").append(node("n" + i));
    }
    archive.member(DumpMembers.NODES, nodes, list(items.toString()));
    Path file = file(archive.whole());

    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.nodeqos.Main",
                "simulate",
                "--dump",
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEquals(
        "nodeqos: "
            + file
            + " needs more memory than this Java has (32 MiB): run it with a larger -Xmx\n",
        said);
    assertEquals(2, java.waitFor());
  }

  /** No random change may end in anything but a dump or a sentence. */
  @Test
  void changedBytesAreOneSentence() throws IOException {
    archive.member(
        DumpMembers.POLICIES,
        1,
        list(
            "{\"metadata\":{\"name\":\"base\",\"uid\":\"u\",\"resourceVersion\":\"1\",\"generation\":1},"
                + "\"spec\":{\"warmUp\":{\"nodeReady\":{}}},\"status\":{\"observedGeneration\":1}}"));
    archive.member(
        DumpMembers.NODES,
        2,
        list(
            node("a"),
            "{\"metadata\":{\"name\":\"b\",\"uid\":\"u\",\"resourceVersion\":\"1\",\"labels\":{\"a\":\"b\"},"
                + "\"annotations\":{\"nodeqos.io/config\":\"{}\"},\"creationTimestamp\":\"2026-01-01T00:00:00Z\"},"
                + "\"spec\":{\"taints\":[{\"key\":\"k\",\"effect\":\"NoSchedule\"}]},"
                + "\"status\":{\"capacity\":{\"cpu\":\"4\"},\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\","
                + "\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"}],\"images\":[{\"names\":[\"i\"]}]}}"));
    archive.member(
        DumpMembers.CSI_NODES,
        1,
        list(
            "{\"metadata\":{\"name\":\"b\",\"resourceVersion\":\"1\"},\"spec\":{\"drivers\":[{\"name\":\"d\"}]}}"));
    archive.member(
        "pods.kube-system.json",
        1,
        list(
            "{\"metadata\":{\"name\":\"p\",\"namespace\":\"kube-system\",\"uid\":\"u\",\"resourceVersion\":\"1\"},"
                + "\"spec\":{\"nodeName\":\"b\",\"containers\":[{\"name\":\"c\",\"resources\":{\"requests\":"
                + "{\"cpu\":\"100m\"}}}]},\"status\":{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\","
                + "\"status\":\"True\"}]}}"));
    archive.member(DumpMembers.REQUESTS, 0, list());
    byte[] whole = archive.whole();
    Random random = new Random(7);
    for (int i = 0; i < 400; i++) {
      byte[] changed = whole.clone();
      int at = random.nextInt(whole.length);
      changed[at] =
          (byte)
              (random.nextBoolean() ? random.nextInt(256) : "{}[]\",:0-".charAt(random.nextInt(9)));
      try {
        SnapshotCluster.of(new DumpReader(file(changed)).read().snapshot());
      } catch (DumpException e) {
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
      }
    }
  }
}
