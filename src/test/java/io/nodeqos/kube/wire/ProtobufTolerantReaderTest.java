// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.nodeqos.kube.codec.Codec;
import io.nodeqos.kube.codec.CsiNodeCodec;
import io.nodeqos.kube.codec.DaemonSetCodec;
import io.nodeqos.kube.codec.NamespaceCodec;
import io.nodeqos.kube.codec.PodCodec;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.codec.SpinnerDaemonSetCodec;
import io.nodeqos.kube.codec.SpinnerPodCodec;
import io.nodeqos.kube.codec.VersionCodec;
import io.nodeqos.kube.informer.NothingKnown;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.watch.Encoding;
import io.nodeqos.kube.watch.WatchStream;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import org.junit.jupiter.api.Test;

/** Protobuf and JSON are two forms of one object; and whatever comes, only an IOException goes. */
class ProtobufTolerantReaderTest {
  private static final MediaType WATCH =
      MediaType.get("application/vnd.kubernetes.protobuf;stream=watch");

  private final ProtobufModel model = new ProtobufModel();
  private final Interning interning = new Interning();
  private final RecentTexts texts = new RecentTexts();
  private final CacheSource<?> nodes = CacheSource.nodes(interning, Set.of("example.com/x"));

  private record Kind(String name, Codec<?> codec) {}

  private List<Kind> kinds() {
    return List.of(
        new Kind("Node", nodes.codec()),
        new Kind("Pod", new PodCodec(interning)),
        new Kind("Pod", new SpinnerPodCodec(interning)),
        new Kind("DaemonSet", new DaemonSetCodec(interning)),
        new Kind("DaemonSet", new SpinnerDaemonSetCodec()),
        new Kind("Namespace", new NamespaceCodec()),
        new Kind("CSINode", new CsiNodeCodec(interning)));
  }

  private SlimObject<?> decode(Codec<?> codec, byte[] bytes, int from, int to) throws IOException {
    return codec.decode(
        new ProtobufTolerantReader(bytes, from, to, codec.protobuf().orElseThrow(), texts));
  }

  private static <V> WatchStream<V> watch(CacheSource<V> source, byte[] body) throws IOException {
    return new Encoding<V>(source, TimeSource.system())
        .watch(
            new Response.Builder()
                .request(new Request.Builder().url("http://127.0.0.1/").build())
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("OK")
                .body(ResponseBody.create(body, WATCH))
                .build(),
            new NothingKnown<>());
  }

  private byte[] node(int seed) {
    Random random = new Random(seed);
    return model.encode("Node", new RandomObjects(model, random).next("Node"), random);
  }

  @Test
  void objectIsTheSameInBothForms() throws IOException {
    for (Kind kind : kinds()) {
      Random random = new Random(20261123);
      RandomObjects objects = new RandomObjects(model, random);
      Set<Object> different = new HashSet<>();
      for (int round = 0; round < 2000; round++) {
        JsonObject json = objects.next(kind.name());
        SlimObject<?> expected =
            kind.codec().decode(new JsonTolerantReader(new StringReader(json.toString())));
        byte[] bytes = model.encode(kind.name(), json, random);
        byte[] padded = Arrays.copyOf(bytes, bytes.length + 20);

        SlimObject<?> read = decode(kind.codec(), padded, 0, bytes.length);

        assertEquals(expected.view(), read.view(), () -> "from " + json);
        assertEquals(expected.getMetadata(), read.getMetadata());
        different.add(read.view());
      }
      assertTrue(
          different.size() > (kind.name().equals("Namespace") ? 10 : 300),
          kind.name() + ": " + different.size() + " views prove something");
    }
  }

  @Test
  void taintIsKeptInItsCanonicalForm() throws IOException {
    byte[] taint =
        new ProtobufBytes()
            .message(4, new ProtobufBytes().number(1, 1767366245).number(2, 7))
            .string(3, "NoExecute")
            .string(1, "example.com/\"dedicated\"")
            .string(2, "")
            .toBytes();

    assertEquals(
        "{\"key\":\"example.com/\\\"dedicated\\\"\",\"effect\":\"NoExecute\","
            + "\"timeAdded\":\"2026-01-02T15:04:05Z\"}",
        taints(taint).toString());
  }

  @Test
  void taintWithAnUnknownFieldIsRefusedInsteadOfLosingIt() {
    byte[] taint = new ProtobufBytes().string(1, "k").string(3, "e").string(5, "later").toBytes();

    UnknownFieldException refused = assertThrows(UnknownFieldException.class, () -> taints(taint));

    assertEquals("the field 5 of a Taint is not known to this version", refused.getMessage());
  }

  private static Object taints(byte[] taint) throws IOException {
    byte[] spec = new ProtobufBytes().bytes(5, taint).toBytes();
    byte[] bytes = new ProtobufBytes().bytes(2, spec).toBytes();
    List<Object> taints = new ArrayList<>();
    TolerantReader in = new ProtobufTolerantReader(bytes, 0, bytes.length, KubernetesMessages.NODE);
    in.object(root -> in.object(field -> in.array(() -> taints.add(in.tree()))));
    return taints.get(0);
  }

  @Test
  void cutObjectIsAnErrorAtAnyPosition() throws IOException {
    byte[] longest =
        IntStream.range(0, 30)
            .mapToObj(this::node)
            .max(Comparator.comparingInt(bytes -> bytes.length))
            .orElseThrow();
    byte[] frame = ProtobufBytes.frame("ADDED", "Node", longest);
    assertTrue(frame.length > 500, "long enough to prove something");
    assertTrue(watch(nodes, frame).next().isPresent());

    assertEquals(Optional.empty(), watch(nodes, new byte[0]).next(), "a clean end");
    for (int length = 1; length < frame.length; length++) {
      byte[] cut = Arrays.copyOf(frame, length);
      assertThrows(IOException.class, () -> watch(nodes, cut).next());
      if (length > 4) {
        // As if the frame were whole and the server had stopped writing.
        byte[] shorter = ProtobufBytes.frame(Arrays.copyOfRange(frame, 4, length));
        assertThrows(IOException.class, () -> watch(nodes, shorter).next());
      }
    }
  }

  @Test
  void cutListIsAnErrorAtAnyPosition() throws IOException {
    byte[] list = ProtobufBytes.list("NodeList", "7", "", node(2), node(3));
    assertEquals(2, items(list));

    // Behind the list there are two empty fields of the envelope: nothing to miss.
    for (int length = 0; length < list.length - 4; length++) {
      byte[] cut = Arrays.copyOf(list, length);
      assertThrows(IOException.class, () -> items(cut));
    }
  }

  private int items(byte[] list) throws IOException {
    int[] items = {0};
    new ProtobufList(
            new ProtobufSource(new Buffer().write(list)),
            KubernetesMessages.NODE,
            texts,
            new ProtobufList.Content() {
              @Override
              public void metadata(TolerantReader in) throws IOException {
                VersionCodec.read(in);
              }

              @Override
              public void item(TolerantReader in) throws IOException {
                nodes.codec().decode(in);
                items[0]++;
              }
            })
        .read();
    return items[0];
  }

  @Test
  void anotherObjectIsNoEmptyList() {
    assertEquals(
        "expected a list but found a \"Status\"",
        assertThrows(
                MalformedAnswerException.class,
                () -> items(ProtobufBytes.envelope("Status", ProtobufBytes.status(1, "", "", 0))))
            .getMessage());
  }

  @Test
  void randomBytesThrowOnlyIoExceptions() {
    Random random = new Random(7);
    int[] refused = {0};
    for (int round = 0; round < 20_000; round++) {
      byte[] node = node(round % 50);
      if (round % 4 == 0) {
        node = new byte[random.nextInt(60)];
        random.nextBytes(node);
      } else {
        for (int change = random.nextInt(4); change >= 0; change--) {
          node[random.nextInt(node.length)] = (byte) random.nextInt();
        }
      }
      byte[] frame = ProtobufBytes.frame("ADDED", "Node", node);
      byte[] list = ProtobufBytes.list("NodeList", "7", "", node);
      if (round % 3 == 0) {
        frame[random.nextInt(frame.length)] = (byte) random.nextInt();
        list[random.nextInt(list.length)] = (byte) random.nextInt();
      }
      attempt(() -> watch(nodes, frame).next(), refused);
      attempt(() -> items(list), refused);
    }
    assertTrue(refused[0] > 5000, refused[0] + " were refused");
  }

  private interface Attempt {
    void run() throws IOException;
  }

  private static void attempt(Attempt attempt, int[] refused) {
    try {
      attempt.run();
    } catch (IOException expected) {
      refused[0]++;
    }
  }

  @Test
  void oversizedFrameIsRefusedBeforeItIsRead() {
    for (byte first : new byte[] {0x04, 0x7f, (byte) 0xff}) {
      byte[] body = {first, 1, 2, 3, 4, 5};
      assertTrue(
          assertThrows(MalformedAnswerException.class, () -> watch(nodes, body).next())
              .getMessage()
              .endsWith("(at most 67108864 are allowed)"));
    }
  }

  @Test
  void groupsAndOverlongNumbersAreRefused() {
    for (byte[] message :
        List.of(
            new ProtobufBytes().tag(9, 3).toBytes(),
            new ProtobufBytes().tag(9, 4).toBytes(),
            new ProtobufBytes().tag(0, 0).varint(1).toBytes(),
            new ProtobufBytes().tag(9, 2).varint(-1).toBytes(),
            new ProtobufBytes().tag(9, 2).varint(Long.MIN_VALUE).toBytes(),
            new ProtobufBytes().number(1, 1).toBytes())) {
      assertThrows(
          MalformedAnswerException.class,
          () -> decode(nodes.codec(), message, 0, message.length),
          () -> Arrays.toString(message));
    }
    byte[] eleven = new byte[12];
    Arrays.fill(eleven, (byte) 0x80);
    assertThrows(
        MalformedAnswerException.class, () -> decode(nodes.codec(), eleven, 0, eleven.length));
  }
}
