// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.store;

import com.google.gson.JsonObject;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ObjectKey;
import io.nodeqos.sim.model.ResourceType;
import io.nodeqos.sim.model.Selectable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All objects, under one resource version counter, with a bounded window of past events for each
 * collection. Every write is a compare-and-set on the version the writer has read. Thread-safe.
 */
public final class ObjectStore {
  private final int windowSize;
  private final int queueSize;
  private final Map<String, Collection> collections = new HashMap<>();
  private long version;
  private long compacted;

  public ObjectStore(int windowSize, int queueSize) {
    this.windowSize = windowSize;
    this.queueSize = queueSize;
  }

  /** A consistent state of one collection, in key order. */
  public record Snapshot(long version, List<StoredObject> objects) {}

  /** The start of a watch: the state or the missed events, and the queue of later ones. */
  public record Subscription(long version, List<StoredEvent> backlog, WatchQueue queue) {}

  private static final class Collection {
    private final TreeMap<ObjectKey, StoredObject> objects = new TreeMap<>();
    private final EventWindow window;

    Collection(EventWindow window) {
      this.window = window;
    }
  }

  public synchronized long version() {
    return version;
  }

  public synchronized Optional<StoredObject> get(String storage, ObjectKey key) {
    return Optional.ofNullable(collection(storage).objects.get(key));
  }

  public synchronized Snapshot snapshot(String storage) {
    return new Snapshot(version, new ArrayList<>(collection(storage).objects.values()));
  }

  /** Adds the object under the next version; empty when the key is taken. */
  public synchronized Optional<StoredObject> create(
      ResourceType type, ObjectKey key, JsonObject object) {
    Collection collection = collection(type.storage());
    if (collection.objects.containsKey(key)) {
      return Optional.empty();
    }
    StoredObject created = encode(type, key, object);
    collection.objects.put(key, created);
    collection.window.add(new StoredEvent(StoredEvent.Type.ADDED, created, null));
    return Optional.of(created);
  }

  /** Replaces exactly the expected version; empty when it is no longer the current one. */
  public synchronized Optional<StoredObject> replace(
      ResourceType type, StoredObject expected, JsonObject object) {
    Collection collection = collection(type.storage());
    if (!isCurrent(collection, expected)) {
      return Optional.empty();
    }
    StoredObject replaced = encode(type, expected.key(), object);
    collection.objects.put(expected.key(), replaced);
    collection.window.add(new StoredEvent(StoredEvent.Type.MODIFIED, replaced, expected));
    return Optional.of(replaced);
  }

  /** Removes exactly the expected version and returns its last state; empty when it is not it. */
  public synchronized Optional<StoredObject> delete(
      ResourceType type, StoredObject expected, JsonObject lastState) {
    Collection collection = collection(type.storage());
    if (!isCurrent(collection, expected)) {
      return Optional.empty();
    }
    StoredObject deleted = encode(type, expected.key(), lastState);
    collection.objects.remove(expected.key());
    collection.window.add(new StoredEvent(StoredEvent.Type.DELETED, deleted, expected));
    return Optional.of(deleted);
  }

  /** Starts a watch with the current objects as ADDED events. */
  public synchronized Subscription watchFromNow(String storage) {
    Collection collection = collection(storage);
    List<StoredEvent> backlog =
        collection.objects.values().stream()
            .map(object -> new StoredEvent(StoredEvent.Type.ADDED, object, null))
            .toList();
    return new Subscription(version, backlog, collection.window.subscribe(queueSize));
  }

  /** Starts a watch after the version; empty when the window no longer reaches back to it. */
  public synchronized Optional<Subscription> watchAfter(String storage, long after) {
    Collection collection = collection(storage);
    return collection
        .window
        .after(after)
        .map(
            events ->
                new Subscription(
                    Math.max(version, after), events, collection.window.subscribe(queueSize)));
  }

  public synchronized void unsubscribe(String storage, WatchQueue queue) {
    collection(storage).window.unsubscribe(queue);
  }

  /**
   * The version that a bookmark may promise: the current one when the queue is empty, for then its
   * watch has received every event up to it; -1 while events wait.
   */
  public synchronized long settledVersion(WatchQueue queue) {
    return queue.isEmpty() ? version : -1;
  }

  /** Drops all past events, as a compaction does: older watches must relist. */
  public synchronized void compact() {
    compacted = version;
    collections.values().forEach(collection -> collection.window.clear(compacted));
  }

  private Collection collection(String storage) {
    return collections.computeIfAbsent(
        storage, any -> new Collection(new EventWindow(windowSize, compacted)));
  }

  private static boolean isCurrent(Collection collection, StoredObject expected) {
    StoredObject current = collection.objects.get(expected.key());
    return current != null && current.version() == expected.version();
  }

  private StoredObject encode(ResourceType type, ObjectKey key, JsonObject object) {
    long next = ++version;
    Json.childObject(object, "metadata").addProperty("resourceVersion", Long.toString(next));
    return new StoredObject(
        key, next, Json.encode(object), Selectable.of(object, type.selectableFields()));
  }
}
