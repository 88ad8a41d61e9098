// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import io.nodeqos.history.JournalException.Kind;
import io.nodeqos.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal that always works: on disk if possible, else in memory. It returns to the disk when the
 * disk can be used again. Never throws. Used by one thread; any thread may read its counts.
 */
final class SafeJournal {
  private static final Logger LOG = LoggerFactory.getLogger(SafeJournal.class);

  private static final Duration RETRY_PERIOD = Duration.ofMinutes(1);
  private static final Duration EVICT_PERIOD = Duration.ofMinutes(1);
  private static final int BATCH = 500;

  private final HistorySettings settings;
  private final TimeSource time;
  private final Duration retryPeriod;

  /** Transitions that the disk may not have yet: moved to memory if it fails. */
  private final List<Transition> uncommitted = new ArrayList<>();

  private Journal journal = new MemoryJournal(MemoryJournal.MAX_ENTRIES);
  private long retryAt;
  private long evictAt;
  private volatile boolean degraded;
  private volatile long entries;
  private volatile long bytes;

  SafeJournal(HistorySettings settings, TimeSource time) {
    this(settings, time, RETRY_PERIOD);
  }

  SafeJournal(HistorySettings settings, TimeSource time, Duration retryPeriod) {
    this.settings = settings;
    this.time = time;
    this.retryPeriod = retryPeriod;
    this.evictAt = time.nanos();
  }

  /** Returns the last seen marks of the nodes. */
  Map<String, NodeMarks> open() {
    if (settings.inMemory()) {
      return Map.of();
    }
    try {
      journal = openDisk();
      Map<String, NodeMarks> marks = journal.remembered();
      LOG.info(
          "History opened: transitions={} nodes={} directory={}",
          journal.entries(),
          marks.size(),
          settings.directory());
      count();
      return marks;
    } catch (JournalException e) {
      toMemory(e);
      return Map.of();
    }
  }

  /** A file that cannot be read is moved aside, once. */
  private Journal openDisk() {
    Path directory = Path.of(settings.directory());
    try {
      return DiskJournal.open(directory, settings.maxBytes());
    } catch (JournalException e) {
      if (e.kind() != Kind.CORRUPT) {
        throw e;
      }
      DiskJournal.moveAside(directory);
      LOG.warn(
          "History file moved to {} and a new one started: {}",
          directory.resolve(DiskJournal.CORRUPT),
          e.getMessage());
      return DiskJournal.open(directory, settings.maxBytes());
    }
  }

  void append(Transition transition) {
    uncommitted.add(transition);
    write(j -> j.append(transition));
  }

  void remember(NodeMarks marks) {
    write(j -> j.remember(marks));
  }

  void forget(String node) {
    write(j -> j.forget(node));
  }

  boolean isBatchFull() {
    return uncommitted.size() >= BATCH;
  }

  /**
   * Commits new transitions, drops old ones, and retries the disk when it is time.
   *
   * @param marks of all nodes, for a disk that does not have them
   */
  void commit(Collection<NodeMarks> marks) {
    if (time.nanos() - evictAt >= 0) {
      write(j -> j.evict(time.steadyTime().minus(settings.maxAge())));
      evictAt = time.nanos() + EVICT_PERIOD.toNanos();
    }
    if (degraded && time.nanos() - retryAt >= 0) {
      toDisk(marks);
    }
    if (write(Journal::commit)) {
      uncommitted.clear();
    }
    count();
  }

  HistoryPage page(HistoryQuery query) {
    try {
      return journal.page(query);
    } catch (JournalException e) {
      toMemory(e);
      return journal.page(query);
    }
  }

  void close(Collection<NodeMarks> marks) {
    commit(marks);
    journal.close();
    journal = new MemoryJournal(MemoryJournal.MAX_ENTRIES);
  }

  long entries() {
    return entries;
  }

  long bytes() {
    return bytes;
  }

  boolean isDegraded() {
    return degraded;
  }

  private void count() {
    write(
        j -> {
          entries = j.entries();
          bytes = j.bytes();
        });
  }

  /** False when it went to memory instead. */
  private boolean write(Consumer<Journal> work) {
    try {
      work.accept(journal);
      return true;
    } catch (JournalException e) {
      toMemory(e);
      return false;
    }
  }

  private void toMemory(JournalException why) {
    journal.close();
    journal = new MemoryJournal(MemoryJournal.MAX_ENTRIES);
    uncommitted.forEach(journal::append);
    uncommitted.clear();
    if (!degraded) {
      LOG.warn(
          "History falls back to memory: {} (history.directory={}); retrying every {}s",
          why.getMessage(),
          settings.directory(),
          retryPeriod.toSeconds());
    }
    degraded = true;
    retryAt = time.nanos() + (putAside(why) ? 0 : retryPeriod.toNanos());
  }

  /** A file that opens but cannot be read must not be opened repeatedly. */
  private boolean putAside(JournalException why) {
    if (why.kind() != Kind.CORRUPT) {
      return false;
    }
    try {
      DiskJournal.moveAside(Path.of(settings.directory()));
      return true;
    } catch (JournalException neitherThat) {
      LOG.debug("History file not moved aside: {}", neitherThat.getMessage());
      return false;
    }
  }

  /** With all transitions from memory; if the disk fails again, memory keeps them. */
  private void toDisk(Collection<NodeMarks> marks) {
    retryAt = time.nanos() + retryPeriod.toNanos();
    Journal disk = null;
    try {
      disk = openDisk();
      journal.all().forEach(disk::append);
      marks.forEach(disk::remember);
      disk.commit();
    } catch (JournalException stillNot) {
      LOG.debug("History still in memory: {}", stillNot.getMessage());
      if (disk != null) {
        disk.close();
      }
      return;
    }
    journal = disk;
    degraded = false;
    LOG.info("History back on disk: directory={}", settings.directory());
  }
}
