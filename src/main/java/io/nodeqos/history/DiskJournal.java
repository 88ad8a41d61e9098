// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import io.nodeqos.history.JournalException.Kind;
import java.io.IOException;
import java.nio.file.FileSystemException;
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
import java.util.stream.Stream;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * A journal in one file. Whatever goes wrong with the file is a {@link JournalException}, after
 * which this object is of no more use than to be closed.
 */
final class DiskJournal implements Journal {
  static final String FILE = "history.mv.db";
  static final String CORRUPT = "history.corrupt.mv.db";

  private static final int FORMAT = 1;
  private static final int CACHE_MB = 4;

  /** Each change of a node rewrites a page. */
  private static final int PAGE_BYTES = 4 * 1024;

  /** Of the bound, what is used: a commit adds a little before it can be taken away again. */
  private static final double HIGH = 0.75;

  /** To which it is taken back then, so that this is seldom. */
  private static final double LOW = 0.6;

  private static final int COMPACT_MILLIS = 2_000;

  /** Of the entries, what is forgotten at once when there are too many of them. */
  private static final int EVICTED_PART = 10;

  /** Stands between a node's name, which cannot have it, and the key of an entry. */
  private static final char END_OF_NAME = '/';

  private final MVStore store;
  private final long maxBytes;
  private final MVMap<String, String> entries;
  private final MVMap<Long, String> order;
  private final MVMap<String, String> marks;
  private final JournalKeys keys;

  private DiskJournal(MVStore store, long maxBytes, Maps maps, JournalKeys keys) {
    this.store = store;
    this.maxBytes = maxBytes;
    this.entries = maps.entries();
    this.order = maps.order();
    this.marks = maps.marks();
    this.keys = keys;
  }

  /**
   * Those of one node stand together, so that its history is read from a few pages.
   *
   * @param entries node and key to transition
   * @param order key to node
   * @param marks by node
   */
  private record Maps(
      MVMap<String, String> entries, MVMap<Long, String> order, MVMap<String, String> marks) {
    static Maps of(MVStore store) {
      MVMap.Builder<Long, String> byKey =
          new MVMap.Builder<Long, String>()
              .keyType(LongDataType.INSTANCE)
              .valueType(StringDataType.INSTANCE);
      return new Maps(
          store.openMap("entries", texts()),
          store.openMap("order", byKey),
          store.openMap("marks", texts()));
    }

    private static MVMap.Builder<String, String> texts() {
      return new MVMap.Builder<String, String>()
          .keyType(StringDataType.INSTANCE)
          .valueType(StringDataType.INSTANCE);
    }
  }

  /**
   * Opens the file of a directory, and makes both where they are missing.
   *
   * @throws JournalException when it cannot; nothing is left open then
   */
  static DiskJournal open(Path directory, long maxBytes) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new JournalException(
          Kind.UNAVAILABLE, "the directory " + directory + " cannot be made: " + reason(e), e);
    }
    return guarded(() -> opened(directory, maxBytes));
  }

  private static DiskJournal opened(Path directory, long maxBytes) {
    MVStore store =
        new MVStore.Builder()
            .fileName(directory.resolve(FILE).toString())
            // Commits are ours, so that it needs no thread and none of ours is surprised.
            .autoCommitDisabled()
            .cacheSize(CACHE_MB)
            .pageSplitSize(PAGE_BYTES)
            .compress()
            .open();
    try {
      if (store.getStoreVersion() != 0 && store.getStoreVersion() != FORMAT) {
        throw new JournalException(
            Kind.CORRUPT, "its format " + store.getStoreVersion() + " is not known", null);
      }
      store.setStoreVersion(FORMAT);
      // Nobody reads old versions, and space is used again at once.
      store.setVersionsToKeep(0);
      store.setRetentionTime(0);
      Maps maps = Maps.of(store);
      Long last = maps.order().lastKey();
      return new DiskJournal(store, maxBytes, maps, new JournalKeys(last == null ? 0 : last));
    } catch (RuntimeException unusable) {
      store.closeImmediately();
      throw unusable;
    }
  }

  /**
   * Puts a file that cannot be read out of the way, over the one before it.
   *
   * @throws JournalException when it cannot
   */
  static void moveAside(Path directory) {
    try {
      Files.move(
          directory.resolve(FILE), directory.resolve(CORRUPT), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new JournalException(
          Kind.UNAVAILABLE, "its file cannot be moved aside: " + reason(e), e);
    }
  }

  @Override
  public void append(Transition transition) {
    guarded(
        () -> {
          long key = keys.next(transition.at());
          order.put(key, transition.node());
          return entries.put(nodeKey(transition.node(), key), TransitionJson.write(transition));
        });
  }

  @Override
  public void remember(NodeMarks nodeMarks) {
    guarded(() -> marks.put(nodeMarks.node(), TransitionJson.writeMarks(nodeMarks)));
  }

  @Override
  public void forget(String node) {
    guarded(() -> marks.remove(node));
  }

  @Override
  public Map<String, NodeMarks> remembered() {
    return guarded(
        () -> {
          Map<String, NodeMarks> found = new HashMap<>();
          marks.values().stream()
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
            wanted = entry.isEmpty() || page.offer(entryKey(key), entry.get());
          }
          return page.done();
        });
  }

  private Iterator<String> all(HistoryQuery query) {
    Long from = order.lowerKey(query.before());
    return from == null
        ? List.<String>of().iterator()
        : strings(order.cursor(from, 0L, true), (key, node) -> nodeKey(node, key));
  }

  private Iterator<String> ofNode(HistoryQuery query) {
    String first = nodeKey(query.node(), 0);
    String from = entries.lowerKey(nodeKey(query.node(), query.before()));
    return from == null || from.compareTo(first) < 0
        ? List.<String>of().iterator()
        : strings(entries.cursor(from, first, true), (key, entry) -> key);
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
    return Optional.ofNullable(entries.get(nodeKey)).flatMap(TransitionJson::read);
  }

  @Override
  public void commit() {
    guarded(
        () -> {
          store.commit();
          keepWithinBound();
          return null;
        });
  }

  private void keepWithinBound() {
    if (bytes() <= maxBytes * HIGH) {
      return;
    }
    store.compactFile(COMPACT_MILLIS);
    while (bytes() > maxBytes * LOW && !order.isEmpty()) {
      long most = Math.max(1, order.sizeAsLong() / EVICTED_PART);
      while (most-- > 0 && !order.isEmpty()) {
        removeFirst();
      }
      store.commit();
      store.compactFile(COMPACT_MILLIS);
    }
  }

  @Override
  public void evict(Instant before) {
    guarded(
        () -> {
          while (!order.isEmpty() && order.firstKey() < JournalKeys.of(before)) {
            removeFirst();
          }
          return null;
        });
  }

  private void removeFirst() {
    long key = order.firstKey();
    entries.remove(nodeKey(order.remove(key), key));
  }

  @Override
  public Collection<Transition> all() {
    return guarded(
        () ->
            order.entrySet().stream()
                .flatMap(e -> entry(nodeKey(e.getValue(), e.getKey())).stream())
                .toList());
  }

  @Override
  public long entries() {
    return guarded(order::sizeAsLong);
  }

  @Override
  public long bytes() {
    return guarded(() -> store.getFileStore().size());
  }

  /** Commits first, if it still can. */
  @Override
  public void close() {
    try {
      store.close();
    } catch (RuntimeException cannotCommit) {
      store.closeImmediately();
    }
  }

  private static String nodeKey(String node, long key) {
    return node + END_OF_NAME + String.format("%016x", key);
  }

  private static long entryKey(String nodeKey) {
    return Long.parseLong(nodeKey.substring(nodeKey.lastIndexOf(END_OF_NAME) + 1), 16);
  }

  private static <T> T guarded(Supplier<T> work) {
    try {
      return work.get();
    } catch (JournalException known) {
      throw known;
    } catch (MVStoreException e) {
      throw failure(e);
    } catch (RuntimeException e) {
      // What a damaged page makes of it: numbers out of range, missing classes of data.
      throw new JournalException(Kind.CORRUPT, "its file cannot be read: " + e, e);
    }
  }

  private static JournalException failure(MVStoreException e) {
    return switch (e.getErrorCode()) {
      case DataUtils.ERROR_FILE_LOCKED ->
          new JournalException(Kind.LOCKED, "another process uses its file", e);
      case DataUtils.ERROR_READING_FAILED, DataUtils.ERROR_WRITING_FAILED, DataUtils.ERROR_CLOSED ->
          new JournalException(
              Kind.UNAVAILABLE, "its file cannot be used: " + reason(rootOf(e)), e);
      default ->
          new JournalException(Kind.CORRUPT, "its file cannot be read: " + e.getMessage(), e);
    };
  }

  private static Throwable rootOf(MVStoreException e) {
    return Stream.iterate((Throwable) e, t -> t != null, Throwable::getCause)
        .reduce(e, (outer, inner) -> inner);
  }

  private static String reason(Throwable e) {
    if (e instanceof FileSystemException file && file.getReason() == null) {
      return e.getClass().getSimpleName() + " " + e.getMessage();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
