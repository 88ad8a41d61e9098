// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.cache;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.google.gson.JsonParser;
import io.nodeqos.kube.RecordingListener;
import io.nodeqos.kube.TestServers;
import io.nodeqos.kube.client.TestClients;
import io.nodeqos.kube.informer.CacheStatus;
import io.nodeqos.kube.informer.Informer;
import io.nodeqos.kube.informer.Informers;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.kube.wire.ProtobufBytes;
import io.nodeqos.kube.wire.ProtobufModel;
import io.nodeqos.node.NodeView;
import io.nodeqos.time.Pauses;
import io.nodeqos.time.TimeSource;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Heartbeats, changes, deletions and relists in random order, through the stock informer and past
 * it: its threads against the one of the watch.
 */
class HeartbeatRaceTest {
  private static final String NODES = "/api/v1/nodes";
  private static final Instant START = Instant.parse("2026-11-03T10:00:00Z");
  private static final int NAMES = 6;
  private static final int WATCHES = 8;
  private static final int EVENTS = 250;

  @RegisterExtension final WireMockExtension server = TestServers.onLoopback();

  @TempDir Path directory;

  private final ProtobufModel model = new ProtobufModel();

  /** What the server has. */
  private final Map<String, Node> nodes = new TreeMap<>();

  /** What a listener has to hear of each name, in order. */
  private final Map<String, List<String>> expected = new TreeMap<>();

  private final Map<String, List<String>> heard = new ConcurrentHashMap<>();
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final AtomicInteger passedBy = new AtomicInteger();
  private int version = 100;

  private record Node(String name, String uid, int version, int label) {}

  private byte[] bytes(Node node) {
    return model.encode(
        "Node",
        JsonParser.parseString(
                """
                {"metadata": {"name": "%s", "uid": "%s", "resourceVersion": "%d",
                   "labels": {"l": "%d"}},
                 "status": {"conditions": [
                   {"type": "Ready", "status": "True", "lastHeartbeatTime": "%s"}]}}
                """
                    .formatted(
                        node.name,
                        node.uid,
                        node.version,
                        node.label,
                        START.plusSeconds(node.version)))
            .getAsJsonObject());
  }

  private static ResponseDefinitionBuilder answer(byte[] body) {
    return aResponse()
        .withHeader("Content-Type", "application/vnd.kubernetes.protobuf;stream=watch")
        .withBody(body);
  }

  private ResponseDefinitionBuilder list() {
    return answer(
        ProtobufBytes.list(
            "NodeList",
            String.valueOf(version),
            "",
            nodes.values().stream().map(this::bytes).toArray(byte[][]::new)));
  }

  private ResponseDefinitionBuilder watch(Random random) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = 0; i < EVENTS; i++) {
      body.writeBytes(event(random));
    }
    return answer(body.toByteArray());
  }

  private byte[] event(Random random) {
    version++;
    String name = "n" + random.nextInt(NAMES);
    Node before = nodes.get(name);
    int what = random.nextInt(40);
    if (before == null) {
      Node added = new Node(name, "uid-" + version, version, 0);
      nodes.put(name, added);
      expect(added, "new");
      return ProtobufBytes.frame("ADDED", "Node", bytes(added));
    }
    if (what == 0) {
      Node deleted = new Node(name, before.uid, version, before.label);
      nodes.remove(name);
      expect(deleted, "deleted");
      return ProtobufBytes.frame("DELETED", "Node", bytes(deleted));
    }
    Node now = new Node(name, before.uid, version, what < 4 ? version : before.label);
    nodes.put(name, now);
    if (what < 4) {
      expect(now, "changed");
    }
    return ProtobufBytes.frame("MODIFIED", "Node", bytes(now));
  }

  private void expect(Node node, String what) {
    expected
        .computeIfAbsent(node.name, n -> new ArrayList<>())
        .add(what + (what.equals("deleted") ? "" : " " + node.label));
  }

  private void hear(String name, String what) {
    heard.computeIfAbsent(name, n -> new CopyOnWriteArrayList<>()).add(what);
  }

  private static String label(NodeView node) {
    return " " + node.labels().get("l");
  }

  /** Hears what the rest of the controller would hear. */
  private final class Listener extends RecordingListener {
    @Override
    public void nodeChanged(Optional<NodeView> before, NodeView now) {
      hear(now.name(), (before.isPresent() ? "changed" : "new") + label(now));
    }

    @Override
    public void nodeDeleted(String name) {
      hear(name, "deleted");
    }
  }

  /** A handler that is slow at times, and sees that the events of an object come one by one. */
  private final class SlowHandler implements Informer.Handler<NodeView> {
    private final Informer.Handler<NodeView> handler;
    private final Map<String, NodeView> handled;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private volatile Thread informer;

    SlowHandler(Informer.Handler<NodeView> handler, Map<String, NodeView> handled) {
      this.handler = handler;
      this.handled = handled;
    }

    private void alone(NodeView node, Runnable event) {
      if (!busy.add(node.name())) {
        problems.add("two events at once of " + node.name());
      }
      if (ThreadLocalRandom.current().nextInt(60) == 0) {
        pause();
      }
      event.run();
      busy.remove(node.name());
    }

    private void pause() {
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void added(NodeView now) {
      informer = Thread.currentThread();
      alone(now, () -> handler.added(now));
    }

    @Override
    public void changed(NodeView before, NodeView now) {
      if (!before.equals(handled.get(now.name()))) {
        problems.add("another version than the last is before " + now.meta());
      }
      if (before.meta().statusReportedAt().isAfter(now.meta().statusReportedAt())) {
        problems.add(before.meta() + " came before " + now.meta());
      }
      if (Thread.currentThread() != informer) {
        passedBy.incrementAndGet();
      }
      alone(now, () -> handler.changed(before, now));
    }

    @Override
    public void deleted(NodeView last) {
      alone(last, () -> handler.deleted(last));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyChangeIsHeardOnceAndTheLastVersionStays(long seed) throws InterruptedException {
    Random random = new Random(seed);
    List<ResponseDefinitionBuilder> answers = new ArrayList<>(List.of(list()));
    for (int i = 0; i < WATCHES; i++) {
      answers.add(watch(random));
      if (i % 3 == 2) {
        answers.add(aResponse().withStatus(410));
        answers.add(list());
      }
    }
    answers.add(answer(new byte[0]).withFixedDelay(60_000));
    new TestServers.Answers(server, NODES).add(answers.toArray(ResponseDefinitionBuilder[]::new));
    Map<String, NodeView> cached = new ConcurrentHashMap<>();
    Informer<NodeView> informer =
        new Informers(
                TestClients.watch(directory, server.baseUrl()),
                TestClients.settings(1000, Duration.ofSeconds(70)).cache(),
                new Pauses(TimeSource.system(), time -> Thread.sleep(5), () -> 0.5))
            .create(
                CacheSource.nodes(new Interning(), Set.of()),
                new CacheStatus.Listener() {
                  @Override
                  public void statusChanged() {}

                  @Override
                  public void relisted() {}
                },
                new SlowHandler(new NodeHandler(cached, new Listener()), cached));

    informer.start();
    awaitSameAsServer(cached);
    informer.stop();

    assertEquals(List.of(), problems);
    assertEquals(expected, new TreeMap<>(heard));
    assertTrue(passedBy.get() > 0, "no event passed the informer by");
  }

  private void awaitSameAsServer(Map<String, NodeView> cached) throws InterruptedException {
    Map<String, String> wanted = new TreeMap<>();
    nodes.values().forEach(n -> wanted.put(n.name, n.uid + " " + n.version + " " + n.label));
    Map<String, String> have = new TreeMap<>();
    for (int i = 0; i < 300 && !have.equals(wanted); i++) {
      Thread.sleep(20);
      have.clear();
      cached
          .values()
          .forEach(
              n ->
                  have.put(n.name(), n.meta().uid() + " " + n.meta().resourceVersion() + label(n)));
    }
    assertEquals(wanted, have);
  }
}
