// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.kubernetes.client.informer.cache.Cache;
import io.nodeqos.fixture.FakeTime;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.watch.Encoding;
import io.nodeqos.kube.watch.WatchEvent;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.kube.wire.ProtobufBytes;
import io.nodeqos.kube.wire.ProtobufModel;
import io.nodeqos.kube.wire.ProtobufTolerantReader;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which events of Nodes pass the informer by, step by step. */
class KnownObjectsTest {
  private static final MediaType WATCH =
      MediaType.get("application/vnd.kubernetes.protobuf;stream=watch");
  private static final Instant START = Instant.parse("2026-11-03T10:00:00Z");

  private final ProtobufModel model = new ProtobufModel();
  private final CacheSource<NodeView> source = CacheSource.nodes(new Interning(), Set.of());
  private final Cache<SlimObject<NodeView>> objects = new Cache<>();
  private final FakeTime time = new FakeTime(START);
  private final CacheStatus status =
      new CacheStatus(
          "nodes",
          "https://server",
          time.source(),
          new CacheStatus.Listener() {
            @Override
            public void statusChanged() {}

            @Override
            public void relisted() {}
          },
          objects);

  private final Map<String, NodeView> handled = new HashMap<>();
  private final Informer.Guarded<NodeView> handler =
      new Informer.Guarded<>(
          "nodes",
          status,
          new Informer.Handler<>() {
            @Override
            public void added(NodeView now) {
              handled.put(now.name(), now);
            }

            @Override
            public void changed(NodeView before, NodeView now) {
              if (!before.equals(handled.put(now.name(), now))) {
                throw new IllegalStateException("another one was handled last");
              }
            }

            @Override
            public void deleted(NodeView last) {
              handled.remove(last.name());
            }
          });

  private final KnownObjects<NodeView> known = new KnownObjects<>(objects, status, handler);

  /** What the informer has received and not handed on. */
  private final Deque<Runnable> underWay = new ArrayDeque<>();

  private record Node(String uid, int version, String label) {
    Node beat(int newVersion) {
      return new Node(uid, newVersion, label);
    }
  }

  private static final Node FIRST = new Node("uid-1", 11, "x");

  @BeforeEach
  void list() {
    relist("10");
  }

  private void relist(String version, SlimObject<?>... items) {
    Map<String, SlimObject<?>> byKey = new HashMap<>();
    for (SlimObject<?> item : items) {
      byKey.put("a", item);
    }
    status.listed(version, byKey);
    status.handedOn();
  }

  private byte[] bytes(Node node) {
    return model.encode(
        "Node",
        JsonParser.parseString(
                """
                {"metadata": {"name": "a", "uid": "%s", "resourceVersion": "%d",
                   "labels": {"l": "%s"}},
                 "status": {"conditions": [
                   {"type": "Ready", "status": "True", "lastHeartbeatTime": "%s"},
                   {"type": "%s", "status": "False", "lastHeartbeatTime": "%s"}]}}
                """
                    .formatted(
                        node.uid,
                        node.version,
                        node.label,
                        START.plusSeconds(node.version),
                        Keys.WARMED_UP_CONDITION,
                        START.plusSeconds(2L * node.version)))
            .getAsJsonObject());
  }

  /** As a list has it. */
  private SlimObject<NodeView> decoded(Node node) throws IOException {
    byte[] bytes = bytes(node);
    return source
        .codec()
        .decode(
            new ProtobufTolerantReader(
                bytes, 0, bytes.length, source.codec().protobuf().orElseThrow()));
  }

  /** As the watch reads it and hands it on. */
  private WatchEvent<NodeView> comes(String type, Node node) throws IOException {
    Response response =
        new Response.Builder()
            .request(new Request.Builder().url("http://127.0.0.1/").build())
            .protocol(Protocol.HTTP_2)
            .code(200)
            .message("OK")
            .body(ResponseBody.create(ProtobufBytes.frame(type, "Node", bytes(node)), WATCH))
            .build();
    WatchEvent<NodeView> event =
        new Encoding<>(source, time.source()).watch(response, known).next().orElseThrow();
    if (event instanceof WatchEvent.Seen<NodeView> seen) {
      known.seen(seen.key(), seen.now());
    } else if (event instanceof WatchEvent.Changed<NodeView> changed) {
      status.received(type, changed.object());
      underWay.add(() -> handOn(type, changed.object()));
    }
    return event;
  }

  private void handOn(String type, SlimObject<NodeView> object) {
    SlimObject<NodeView> before = objects.get(object);
    if (type.equals("DELETED")) {
      objects.delete(object);
      handler.onDelete(object, false);
    } else {
      objects.update(object);
      if (before == null) {
        handler.onAdd(object);
      } else {
        handler.onUpdate(before, object);
      }
    }
  }

  private void handOnAll() {
    while (!underWay.isEmpty()) {
      underWay.remove().run();
    }
  }

  private void passesBy(Node node) throws IOException {
    assertInstanceOf(WatchEvent.Seen.class, comes("MODIFIED", node));
    assertVersion(node);
  }

  private void goesThrough(String type, Node node) throws IOException {
    assertInstanceOf(WatchEvent.Changed.class, comes(type, node));
  }

  private void assertVersion(Node node) {
    NodeView view = handled.get("a");
    String version = String.valueOf(node.version);
    assertEquals(version, view.meta().resourceVersion(), "the one that a write would carry");
    assertEquals(START.plusSeconds(node.version), view.meta().statusReportedAt());
    assertEquals(START.plusSeconds(2L * node.version), view.meta().conditionWrittenAt());
    assertSame(view, objects.getByKey("a").view());
    assertEquals(version, objects.getByKey("a").resourceVersion());
    assertTrue(status.position().hasReached(version));
  }

  @Test
  void heartbeatOfAHandledNodePassesBy() throws IOException {
    goesThrough("ADDED", FIRST);
    handOnAll();

    passesBy(FIRST.beat(12));
    passesBy(FIRST.beat(13));
    assertTrue(underWay.isEmpty());
  }

  @Test
  void changeGoesThroughAndLaterHeartbeatsPassBy() throws IOException {
    goesThrough("ADDED", FIRST);
    handOnAll();
    passesBy(FIRST.beat(12));

    Node changed = new Node("uid-1", 13, "y");
    goesThrough("MODIFIED", changed);
    handOnAll();
    assertVersion(changed);
    passesBy(changed.beat(14));
    goesThrough("MODIFIED", FIRST.beat(15));
    handOnAll();
    assertVersion(FIRST.beat(15));
  }

  @Test
  void heartbeatBehindAnEventThatIsUnderWayGoesThrough() throws IOException {
    goesThrough("ADDED", FIRST);
    goesThrough("MODIFIED", FIRST.beat(12));
    underWay.remove().run();
    assertFalse(status.position().hasReached("12"));
    goesThrough("MODIFIED", FIRST.beat(13));
    underWay.remove().run();
    goesThrough("MODIFIED", FIRST.beat(14));
    handOnAll();
    passesBy(FIRST.beat(15));
  }

  @Test
  void sameVersionTwiceUnderWayIsAwaitedTwice() throws IOException {
    goesThrough("ADDED", FIRST);
    goesThrough("MODIFIED", FIRST);
    underWay.remove().run();

    goesThrough("MODIFIED", FIRST.beat(12));
    underWay.remove().run();
    assertFalse(status.position().hasReached("12"));
    underWay.remove().run();

    assertTrue(status.position().hasReached("12"));
    passesBy(FIRST.beat(13));
  }

  /** As after a restore of etcd. */
  @Test
  void listWithAnEarlierVersionIsAwaitedBehindAnEvent() throws IOException {
    goesThrough("ADDED", FIRST.beat(500));
    SlimObject<NodeView> restored = decoded(FIRST.beat(300));
    relist("310", restored);
    underWay.add(() -> handOn("MODIFIED", restored));
    underWay.remove().run();

    assertFalse(status.position().isHandled());
    goesThrough("MODIFIED", FIRST.beat(311));
    handOnAll();
    passesBy(FIRST.beat(312));
  }

  @Test
  void listedNodeIsDecodedOnceMore() throws IOException {
    goesThrough("ADDED", FIRST);
    handOnAll();
    SlimObject<NodeView> listed = decoded(FIRST);
    relist("20", listed);
    handOn("MODIFIED", listed);

    goesThrough("MODIFIED", FIRST.beat(21));
    handOnAll();
    passesBy(FIRST.beat(22));
  }

  @Test
  void deletedNodeIsForgottenAndAnotherOneOfItsNameIsNew() throws IOException {
    goesThrough("ADDED", FIRST);
    handOnAll();
    goesThrough("DELETED", FIRST.beat(12));
    goesThrough("MODIFIED", FIRST.beat(13));
    handOnAll();
    passesBy(FIRST.beat(14));
    goesThrough("DELETED", FIRST.beat(15));
    handOnAll();
    assertEquals(Map.of(), handled);

    Node second = new Node("uid-2", 16, "x");
    goesThrough("ADDED", second);
    handOnAll();
    passesBy(second.beat(17));
    goesThrough("MODIFIED", FIRST.beat(18));
    handOnAll();
    assertEquals("uid-1", handled.get("a").meta().uid(), "its deletion was missed");
  }

  @Test
  void contentIsTheVeryOneThatWasKnown() throws IOException {
    goesThrough("ADDED", FIRST);
    handOnAll();
    NodeView before = handled.get("a");
    passesBy(FIRST.beat(12));

    NodeView now = handled.get("a");
    assertNotSame(before, now);
    assertSame(before.status(), now.status());
    assertSame(before.labels(), now.labels());
    assertTrue(before.sameAs(now));
  }

  @Test
  void failureOfTheHandlerIsKeptAwayFromTheWatch() throws IOException {
    goesThrough("ADDED", FIRST);
    handOnAll();
    handled.clear();

    assertInstanceOf(WatchEvent.Seen.class, comes("MODIFIED", FIRST.beat(12)));
    assertTrue(status.position().hasReached("12"));
  }
}
