// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import io.nodeqos.history.InboxMessage.Asked;
import io.nodeqos.history.InboxMessage.Deleted;
import io.nodeqos.history.InboxMessage.Seen;
import io.nodeqos.node.NodeView;
import io.nodeqos.thread.DaemonThreads;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The history of this replica: receives changes of nodes from the cache, finds their transitions
 * and records them. Its own thread does all work; callers only add to a bounded buffer.
 * Thread-safe.
 */
public final class HistoryStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HistoryStore.class);

  private static final int BUFFER = 10_000;
  private static final Duration COMMIT_PERIOD = Duration.ofSeconds(1);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

  private final HistorySources sources;
  private final HistoryObserver observer;
  private final TransitionFinder finder;
  private final TimeSource time;
  private final SafeJournal journal;
  private final BlockingQueue<InboxMessage> inbox = new ArrayBlockingQueue<>(BUFFER);
  private final Map<String, NodeMarks> marks = new HashMap<>();
  private final LeaderNames leaders = new LeaderNames();
  private final Thread thread = DaemonThreads.named("history", this::run);
  private volatile boolean overflowed;
  private volatile boolean filled;
  private volatile boolean stopped;

  private HistoryStore(
      HistorySettings settings, HistorySources sources, HistoryObserver observer, TimeSource time) {
    this.sources = sources;
    this.observer = observer;
    this.time = time;
    this.finder = new TransitionFinder(sources.policiesOf(), sources.traceparentKey());
    this.journal = new SafeJournal(settings, time);
  }

  /** A history that is not started. */
  public static HistoryStore create(
      HistorySettings settings, HistorySources sources, HistoryObserver observer, TimeSource time) {
    return new HistoryStore(settings, sources, observer, time);
  }

  public void start() {
    thread.start();
  }

  /**
   * From now on a node that is not in the cache is gone: the marks of nodes that were deleted while
   * this process did not run are dropped.
   */
  public void cachesFilled() {
    filled = true;
    overflowed = true;
  }

  /** A node is new to the cache, or has changed. Never blocks. */
  public void nodeChanged(Optional<NodeView> before, NodeView now) {
    if (before.isEmpty() || NodeMarks.differ(before.get(), now)) {
      offer(new Seen(now, time.wallTime(), sources.term().get().epoch(), before.isPresent()));
    }
  }

  /** Never blocks. */
  public void nodeDeleted(String node) {
    offer(new Deleted(node));
  }

  private void offer(InboxMessage observation) {
    if (!inbox.offer(observation)) {
      overflowed = true;
      observer.lost();
    }
  }

  /**
   * A part of the history, including all observations before the call.
   *
   * @throws TimeoutException when it is not running or is overloaded
   */
  public HistoryPage page(HistoryQuery query) throws InterruptedException, TimeoutException {
    FutureTask<HistoryPage> answer = new FutureTask<>(() -> journal.page(query));
    if (stopped || !thread.isAlive() || !inbox.offer(new Asked(answer))) {
      throw new TimeoutException("the history is not running or is overloaded");
    }
    try {
      return answer.get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** The number of recorded transitions, as of the last second. */
  public long entries() {
    return journal.entries();
  }

  /** The size of the transitions in bytes, on disk if they are there, as of the last second. */
  public long bytes() {
    return journal.bytes();
  }

  /** True while it is kept in memory though a directory is set. */
  public boolean isDegraded() {
    return journal.isDegraded();
  }

  /** Records earlier observations first, for a few seconds at most. */
  @Override
  public void close() throws InterruptedException {
    stopped = true;
    // Wakes the thread up; if the buffer is full, the thread is awake.
    var unused = inbox.offer(new Asked(() -> {}));
    thread.join(STOP_LIMIT.toMillis());
    thread.interrupt();
  }

  private void run() {
    try {
      marks.putAll(journal.open());
      long nextCommit = time.nanos();
      while (!stopped || !inbox.isEmpty()) {
        InboxMessage next = inbox.poll(COMMIT_PERIOD.toNanos(), TimeUnit.NANOSECONDS);
        leaders.seen(sources.term().get());
        if (next != null) {
          record(next);
        }
        if (time.nanos() - nextCommit >= 0 || journal.isBatchFull()) {
          lookAgain();
          journal.commit(marks.values());
          nextCommit = time.nanos() + COMMIT_PERIOD.toNanos();
        }
      }
    } catch (InterruptedException overdue) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | LinkageError unexpected) {
      LOG.error("History stopped: no transitions are recorded until the next start", unexpected);
    } finally {
      journal.close(marks.values());
    }
  }

  /** After lost observations, all nodes are compared with their known marks. */
  private void lookAgain() {
    if (overflowed && inbox.isEmpty()) {
      overflowed = false;
      long epoch = sources.term().get().epoch();
      Collection<NodeView> nodes = sources.nodes().get();
      nodes.forEach(n -> record(new Seen(n, time.wallTime(), epoch, false)));
      if (filled) {
        Set<String> gone = new HashSet<>(marks.keySet());
        nodes.forEach(n -> gone.remove(n.name()));
        gone.forEach(n -> record(new Deleted(n)));
      }
    }
  }

  private void record(InboxMessage observation) {
    if (observation instanceof Seen seen) {
      record(seen);
    } else if (observation instanceof Deleted deleted) {
      marks.remove(deleted.node());
      journal.forget(deleted.node());
    } else if (observation instanceof Asked asked) {
      asked.answer().run();
    }
  }

  private void record(Seen seen) {
    NodeMarks now = NodeMarks.of(seen.node());
    Optional<NodeMarks> before =
        Optional.ofNullable(marks.get(now.node())).filter(m -> m.uid().equals(now.uid()));
    NodeMarks next = TransitionFinder.next(before, now);
    if (before.filter(next::equals).isPresent()) {
      return;
    }
    for (Transition transition : finder.find(before, now, seen)) {
      Transition named = transition.ledBy(leaders.of(transition.epoch()));
      journal.append(named);
      observer.found(named);
    }
    marks.put(now.node(), next);
    journal.remember(next);
  }
}
