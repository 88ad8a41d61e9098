// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import io.nodeqos.history.JournalException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVStoreException;

/**
 * A journal in one file. Every fault of the file is a {@link JournalException}. After one, this
 * object can only be closed, and the file keeps the transitions up to the last successful {@link
 * #commit}: the caller must keep the later ones.
 */
final class DiskJournal implements Journal {
  static final String FILE = "history.mv.db";
  static final String CORRUPT = "history.corrupt.mv.db";

  /** The newest entries are copied to this file while the journal is compacted. */
  static final String COPY = "history.copy.mv.db";

  /**
   * The share of the size limit at which the file is compacted; together with its copy it stays
   * below the limit.
   */
  private static final double COMPACT_ABOVE_SHARE = 0.6;

  private static final double COMPACTED_SHARE = 0.3;

  private final Path directory;
  private final long maxBytes;
  private final JournalKeys keys;
  private JournalFile file;
  private boolean failed;

  private DiskJournal(Path directory, long maxBytes, JournalKeys keys, JournalFile file) {
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.keys = keys;
    this.file = file;
  }

  /**
   * Opens the file of a directory, and creates both if they are missing.
   *
   * @throws JournalException when it cannot be opened; no file is left open then
   */
  static DiskJournal open(Path directory, long maxBytes) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new JournalException(
          Kind.UNAVAILABLE,
          "the directory " + directory + " cannot be created: " + JournalException.reason(e),
          e);
    }
    return translated(() -> opened(directory, maxBytes));
  }

  private static DiskJournal opened(Path directory, long maxBytes) {
    JournalFile file = JournalFile.open(directory.resolve(FILE));
    Long last = file.order().lastKey();
    return new DiskJournal(directory, maxBytes, new JournalKeys(last == null ? 0 : last), file);
  }

  /**
   * Moves a file that cannot be read aside, and replaces an earlier one.
   *
   * @throws JournalException when it cannot
   */
  static void moveAside(Path directory) {
    try {
      Files.move(
          directory.resolve(FILE), directory.resolve(CORRUPT), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new JournalException(
          Kind.UNAVAILABLE,
          "the history file cannot be moved aside: " + JournalException.reason(e),
          e);
    }
  }

  @Override
  public void append(Transition transition) {
    guarded(
        () -> {
          long key = keys.next(transition.at());
          file.order().put(key, transition.node());
          return file.entries()
              .put(JournalKeys.ofNode(transition.node(), key), TransitionJson.write(transition));
        });
  }

  @Override
  public void remember(NodeMarks nodeMarks) {
    guarded(() -> file.marks().put(nodeMarks.node(), TransitionJson.writeMarks(nodeMarks)));
  }

  @Override
  public void forget(String node) {
    guarded(() -> file.marks().remove(node));
  }

  @Override
  public Map<String, NodeMarks> remembered() {
    return guarded(
        () -> {
          Map<String, NodeMarks> found = new HashMap<>();
          file.marks().values().stream()
              .flatMap(text -> TransitionJson.readMarks(text).stream())
              .forEach(m -> found.put(m.node(), m));
          return found;
        });
  }

  @Override
  public HistoryPage page(HistoryQuery query) {
    return guarded(
        () -> {
          PageDraft page = new PageDraft(query);
          Iterator<String> newestFirst = query.node().isEmpty() ? all(query) : ofNode(query);
          boolean wanted = true;
          while (wanted && newestFirst.hasNext()) {
            String key = newestFirst.next();
            Optional<Transition> entry = entry(key);
            wanted = entry.isEmpty() || page.offer(JournalKeys.ofEntry(key), entry.get());
          }
          return page.done();
        });
  }

  private Iterator<String> all(HistoryQuery query) {
    Long from = file.order().lowerKey(query.before());
    return from == null
        ? List.<String>of().iterator()
        : strings(
            file.order().cursor(from, 0L, true), (key, node) -> JournalKeys.ofNode(node, key));
  }

  private Iterator<String> ofNode(HistoryQuery query) {
    String first = JournalKeys.ofNode(query.node(), 0);
    String from = file.entries().lowerKey(JournalKeys.ofNode(query.node(), query.before()));
    return from == null || from.compareTo(first) < 0
        ? List.<String>of().iterator()
        : strings(file.entries().cursor(from, first, true), (key, entry) -> key);
  }

  private static <K, V> Iterator<String> strings(
      Cursor<K, V> cursor, BiFunction<K, V, String> text) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return cursor.hasNext();
      }

      @Override
      public String next() {
        return text.apply(cursor.next(), cursor.getValue());
      }
    };
  }

  private Optional<Transition> entry(String nodeKey) {
    return Optional.ofNullable(file.entries().get(nodeKey)).flatMap(TransitionJson::read);
  }

  /**
   * Compacts the file first if the new entries would exceed its limit, so that no entry is added to
   * a file that cannot be compacted.
   */
  @Override
  public void commit() {
    guarded(
        () -> {
          keepWithinBound();
          return file.store().commit();
        });
  }

  /**
   * The store would compact its file in place, by moving its contents while it is in use. A copy of
   * the newest entries costs no more, as it is rare, and leaves the file unchanged until the copy
   * is complete.
   */
  private void keepWithinBound() {
    if (file.bytes() + file.store().getUnsavedMemory() <= maxBytes * COMPACT_ABOVE_SHARE) {
      return;
    }
    Path copied = directory.resolve(COPY);
    try {
      Files.deleteIfExists(copied);
      file.copyNewest(copied, (long) (maxBytes * COMPACTED_SHARE));
      file.discard();
      Files.move(
          copied,
          directory.resolve(FILE),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new JournalException(
          Kind.UNAVAILABLE,
          "the history file cannot be compacted: " + JournalException.reason(e),
          e);
    }
    file = JournalFile.open(directory.resolve(FILE));
  }

  @Override
  public void evict(Instant before) {
    guarded(
        () -> {
          while (!file.order().isEmpty() && file.order().firstKey() < JournalKeys.of(before)) {
            removeFirst();
          }
          return null;
        });
  }

  private void removeFirst() {
    long key = file.order().firstKey();
    file.entries().remove(JournalKeys.ofNode(file.order().remove(key), key));
  }

  @Override
  public Collection<Transition> all() {
    return guarded(
        () ->
            file.order().entrySet().stream()
                .flatMap(e -> entry(JournalKeys.ofNode(e.getValue(), e.getKey())).stream())
                .toList());
  }

  @Override
  public long entries() {
    return guarded(file.order()::sizeAsLong);
  }

  @Override
  public long bytes() {
    return guarded(() -> file.bytes());
  }

  /** Commits first, unless an earlier operation has failed. */
  @Override
  public void close() {
    if (failed) {
      file.discard();
    } else {
      file.close();
    }
  }

  private <T> T guarded(Supplier<T> work) {
    try {
      return translated(work);
    } catch (JournalException e) {
      failed = true;
      throw e;
    }
  }

  private static <T> T translated(Supplier<T> work) {
    try {
      return work.get();
    } catch (JournalException known) {
      throw known;
    } catch (MVStoreException e) {
      throw JournalException.of(e);
    } catch (RuntimeException e) {
      // Effects of a damaged page: numbers out of range, missing data types.
      throw new JournalException(Kind.CORRUPT, "the history file cannot be read: " + e, e);
    }
  }
}
