// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.history.Transition.Type;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.time.TimeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryStoreTest {
  private static final Instant EVER = Instant.EPOCH;

  @TempDir private Path directory;

  private final Map<String, NodeView> cache = new ConcurrentHashMap<>();
  private final AtomicInteger lost = new AtomicInteger();
  private final List<Transition> reported = new CopyOnWriteArrayList<>();
  private volatile CountDownLatch held = new CountDownLatch(0);
  private HistoryStore store;

  @BeforeEach
  void start() {
    store =
        HistoryStore.create(
            new HistorySettings(true, directory.toString(), Duration.ofDays(9_999), 4 << 20),
            new HistorySources(
                this::nodes,
                () -> new HistorySources.Term(3, "leader-0_uid"),
                Nodes::policiesOf,
                Keys.TRACEPARENT),
            new HistoryObserver() {
              @Override
              public void lost() {
                lost.incrementAndGet();
              }

              @Override
              public void found(Transition transition) {
                reported.add(transition);
              }
            },
            TimeSource.system());
    store.start();
  }

  /** Asked by the thread of the history, which waits here when a test wants it to. */
  private Collection<NodeView> nodes() {
    return cache.values();
  }

  @AfterEach
  void stop() throws InterruptedException {
    store.close();
  }

  private void becomes(NodeView node) {
    store.nodeChanged(Optional.ofNullable(cache.put(node.name(), node)), node);
  }

  private List<Transition> history(String node) throws Exception {
    return store.page(new HistoryQuery(node, EVER, Long.MAX_VALUE, 1_000)).transitions();
  }

  private static List<Type> types(List<Transition> transitions) {
    return transitions.stream().map(Transition::type).toList();
  }

  @Test
  void historyOfANodeNamesTermLeaderAndTrace() throws Exception {
    Nodes.life("n1").forEach(this::becomes);
    List<Transition> history = history("n1");
    assertEquals(
        List.of(Type.CONFIG_UPDATED, Type.WARMUP_STARTED, Type.WARMUP_WAITING, Type.WARMUP_DONE),
        types(history));
    assertTrue(history.stream().allMatch(t -> t.leader().equals("leader-0_uid")));
    assertEquals(Nodes.TRACE, history.get(3).traceId());
    assertEquals(history, reported, "listeners get the same");
  }

  @Test
  void restartContinuesTheHistoryAndReadsMissedTransitions() throws Exception {
    becomes(Nodes.bare("n1").build());
    becomes(Nodes.configured("n1", "v1").build());
    becomes(Nodes.waiting("n1").build());
    store.close();
    cache.clear();
    start();
    becomes(Nodes.warm("n1").build());
    List<Transition> history = history("n1");
    assertEquals(
        List.of(Type.WARMUP_DONE, Type.CONFIG_UPDATED, Type.WARMUP_STARTED), types(history));
    assertEquals(Nodes.WARM, history.get(0).at(), "the time in the annotation of the Node");
    assertTrue(history.get(0).rebuilt());
    store.close();
    cache.clear();
    start();
    becomes(Nodes.warm("n1").build());
    assertEquals(3, history("n1").size(), "no transition is reported twice");
  }

  @Test
  void lostHistoryIsRebuiltFromTheNodes() throws Exception {
    Nodes.life("n1").forEach(this::becomes);
    store.close();
    Files.delete(directory.resolve(DiskJournal.FILE));
    cache.clear();
    start();
    becomes(Nodes.warm("n1").build());
    becomes(Nodes.waiting("n2").build());
    List<Transition> history = history("");
    assertEquals(List.of(Type.WARMUP_STARTED, Type.WARMUP_DONE), types(history));
    assertTrue(history.stream().allMatch(Transition::rebuilt));
    assertEquals(List.of(Nodes.BEGIN, Nodes.WARM), history.stream().map(Transition::at).toList());
  }

  @Test
  void nodeDeletedWhileTheStoreWasDownIsForgottenOnceTheCachesAreFilled() throws Exception {
    becomes(Nodes.warm("n1").build());
    becomes(Nodes.warm("n2").build());
    assertEquals(2, history("").size());
    store.close();
    cache.remove("n1");
    start();
    store.cachesFilled();
    for (int i = 0; i < 100 && history("n1").size() == 1; i++) {
      Thread.sleep(100);
      store.nodeChanged(Optional.empty(), Nodes.warm("n1").build());
    }
    assertEquals(2, history("n1").size(), "it is new again");
    assertEquals(1, history("n2").size());
  }

  @Test
  void nodeCreatedAgainUnderItsNameStartsANewHistory() throws Exception {
    becomes(Nodes.warm("n1").build());
    store.nodeDeleted("n1");
    cache.remove("n1");
    Nodes.life("n1").forEach(this::becomes);
    assertEquals(5, history("n1").size(), "and earlier transitions are still reported");
  }

  @Test
  void overflowReadsAllNodesAgain() throws Exception {
    held = new CountDownLatch(1);
    store.close();
    store =
        HistoryStore.create(
            HistorySettings.DEFAULTS,
            new HistorySources(
                this::nodes,
                () -> {
                  awaitHeld();
                  return new HistorySources.Term(3, "");
                },
                Nodes::policiesOf,
                Keys.TRACEPARENT),
            new HistoryObserver() {
              @Override
              public void lost() {
                lost.incrementAndGet();
              }

              @Override
              public void found(Transition transition) {
                reported.add(transition);
              }
            },
            TimeSource.system());
    store.start();
    for (int i = 0; i < 11_000; i++) {
      NodeView node = Nodes.warm("n" + i).build();
      cache.put(node.name(), node);
      store.nodeDeleted("other");
    }
    assertTrue(lost.get() > 900, "a full buffer blocks no caller: " + lost);
    held.countDown();
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (reported.size() < 11_000 && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    assertEquals(11_000, reported.size());
  }

  private void awaitHeld() {
    try {
      if (Thread.currentThread().getName().equals("history")) {
        held.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void stoppedHistoryReportsThatItIsStopped() throws Exception {
    store.close();
    assertThrows(TimeoutException.class, () -> history("n1"));
  }
}
