// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import io.nodeqos.history.JournalException.Kind;
import java.nio.file.Path;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * An open file of a journal. The entries of one node are adjacent, so that its history is read from
 * a few pages.
 */
final class JournalFile {
  private static final int FORMAT = 1;
  private static final int CACHE_MB = 4;

  /** After this many copied entries the size of the copy is checked. */
  private static final int COPY_BATCH_RECORDS = 1_000;

  /** Each change of a node rewrites a page. */
  private static final int PAGE_BYTES = 4 * 1024;

  private final MVStore store;
  private final MVMap<String, String> entries;
  private final MVMap<Long, String> order;
  private final MVMap<String, String> marks;

  /**
   * @param entries node and key to transition
   * @param order key to node
   * @param marks by node
   */
  JournalFile(
      MVStore store,
      MVMap<String, String> entries,
      MVMap<Long, String> order,
      MVMap<String, String> marks) {
    this.store = store;
    this.entries = entries;
    this.order = order;
    this.marks = marks;
  }

  MVStore store() {
    return store;
  }

  MVMap<String, String> entries() {
    return entries;
  }

  MVMap<Long, String> order() {
    return order;
  }

  MVMap<String, String> marks() {
    return marks;
  }

  static JournalFile open(Path path) {
    MVStore store =
        new MVStore.Builder()
            .fileName(path.toString())
            // The history commits itself, so that the store needs no thread and never commits at
            // another time.
            .autoCommitDisabled()
            .autoCommitBufferSize(0)
            .cacheSize(CACHE_MB)
            .pageSplitSize(PAGE_BYTES)
            .compress()
            .open();
    try {
      if (store.getStoreVersion() != 0 && store.getStoreVersion() != FORMAT) {
        throw new JournalException(
            Kind.CORRUPT,
            "the format " + store.getStoreVersion() + " of the history file is not supported",
            null);
      }
      store.setStoreVersion(FORMAT);
      // Old versions are never read, and their space is reused at once.
      store.setVersionsToKeep(0);
      store.setRetentionTime(0);
      MVMap.Builder<Long, String> byKey =
          new MVMap.Builder<Long, String>()
              .keyType(LongDataType.INSTANCE)
              .valueType(StringDataType.INSTANCE);
      return new JournalFile(
          store,
          store.openMap("entries", texts()),
          store.openMap("order", byKey),
          store.openMap("marks", texts()));
    } catch (RuntimeException unusable) {
      store.closeImmediately();
      throw unusable;
    }
  }

  private static MVMap.Builder<String, String> texts() {
    return new MVMap.Builder<String, String>()
        .keyType(StringDataType.INSTANCE)
        .valueType(StringDataType.INSTANCE);
  }

  /**
   * Writes the newest entries, and the marks of nodes, to another file.
   *
   * @param bytes approximate size
   */
  void copyNewest(Path to, long bytes) {
    JournalFile copy = open(to);
    try {
      copy.marks.putAll(marks);
      int number = 0;
      for (Long key = order.lastKey();
          key != null && !(number % COPY_BATCH_RECORDS == 0 && copy.isAbove(bytes));
          key = order.lowerKey(key), number++) {
        String node = order.get(key);
        String ofNode = JournalKeys.ofNode(node, key);
        copy.order.put(key, node);
        copy.entries.put(ofNode, entries.get(ofNode));
      }
    } finally {
      copy.close();
    }
  }

  private boolean isAbove(long bytes) {
    store.commit();
    return bytes() > bytes;
  }

  long bytes() {
    return store.getFileStore().size();
  }

  /** Closes it without a commit. */
  void discard() {
    store.closeImmediately();
  }

  /** Commits first, if it still can. */
  void close() {
    try {
      store.close();
    } catch (RuntimeException cannotCommit) {
      store.closeImmediately();
    }
  }
}
