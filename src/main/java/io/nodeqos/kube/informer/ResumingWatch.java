// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import io.kubernetes.client.openapi.models.V1Status;
import io.kubernetes.client.util.Watch;
import io.kubernetes.client.util.Watchable;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.watch.WatchEvent;
import io.nodeqos.kube.watch.WatchStream;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * One watch for the reflector, made of as many server watches as needed: after an error or an
 * ordinary end it resumes from the last version it has seen. It ends only when it is closed, or
 * with an ERROR event when that version is too old.
 *
 * <p>A watch worked when it brought a newer version, or lasted, or ended in good order and not at
 * once: then the next one is opened at once. A server ends a watch in good order when its timeout
 * is over, and also when the client reads more slowly than events come: a pause would make that
 * worse. Else the watch failed, and the next one waits longer and longer.
 */
final class ResumingWatch<V> implements Watchable<SlimObject<V>> {
  /** A watch that was open for so long counts as lasting, however it ended. */
  private static final Duration MIN_STABLE_DURATION = Duration.ofSeconds(5);

  /** A watch that ends sooner without an event ended at once, as client-go 1.34 counts it. */
  private static final Duration MIN_DURATION = Duration.ofSeconds(1);

  private static final ApiFailure ENDED =
      new ApiFailure(0, "", "the API server ended it", Duration.ZERO);
  private static final ApiFailure TOO_SHORT =
      new ApiFailure(0, "", "the watch ended at once", Duration.ZERO);

  private final Source<V> source;
  private final TimeSource time;

  private String resourceVersion;
  private WatchStream<V> stream;
  private String openedFrom;
  private long openedNanos;
  private boolean opened;
  private Watch.Response<SlimObject<V>> next;
  private boolean finished;

  /** Opens the watches, and learns from this class how they go. All calls come from one thread. */
  interface Source<V> {
    /** Opens a watch after a version. */
    WatchStream<V> open(String resourceVersion) throws IOException;

    boolean isClosed();

    /** Why the watch has to end and a relist to follow; empty while the watch may go on. */
    Optional<String> takeWishForList();

    /** True when the watch failed because it was asked to end, or does better in JSON. */
    boolean reopensAtOnce(Exception failure);

    /** The failure behind an exception. */
    ApiFailure failureOf(Exception e);

    /** An event or a bookmark came. */
    void heard();

    /** The informer gets this event next. */
    void received(String type, SlimObject<V> object);

    /** An event has only moved a known object to another version: the informer does not get it. */
    void seen(String key, SlimObject<V> now);

    /** A bookmark: there is no other event up to this version. */
    void toldNothingUpTo(String version);

    /** A watch that worked has ended: the next one is opened at once, except for jitter. */
    void ended(ApiFailure why, boolean wasShort);

    /** A watch could not be opened or brought no event: waits before the next. */
    void failed(ApiFailure why);

    /**
     * The version is too old: the reflector lists next.
     *
     * @param lasted the watch since the last list made progress
     */
    void expired(boolean lasted);

    /** The reflector gets the order to list. */
    void listsAgain(String why);
  }

  ResumingWatch(Source<V> source, String resourceVersion, TimeSource time) {
    this.source = source;
    this.resourceVersion = resourceVersion;
    this.time = time;
  }

  @Override
  public boolean hasNext() {
    while (next == null && !finished && !source.isClosed()) {
      Optional<String> wish = source.takeWishForList();
      if (wish.isPresent()) {
        listInstead(wish.get());
        break;
      }
      try {
        advance();
      } catch (IOException | RuntimeException e) {
        if (source.reopensAtOnce(e)) {
          closeStream();
        } else if (!source.isClosed()) {
          interrupted(source.failureOf(e));
        }
      }
    }
    if (next == null) {
      closeStream();
    }
    return next != null;
  }

  private void advance() throws IOException {
    if (stream == null) {
      opened = false;
      stream = source.open(resourceVersion);
      openedFrom = resourceVersion;
      openedNanos = time.nanos();
      opened = true;
    }
    Optional<WatchEvent<V>> event = stream.next();
    if (event.isEmpty()) {
      ended();
    } else {
      accept(event.get());
    }
  }

  private void accept(WatchEvent<V> event) {
    if (event instanceof WatchEvent.Changed<V> changed) {
      source.heard();
      resourceVersion = changed.object().resourceVersion();
      source.received(changed.type(), changed.object());
      next = new Watch.Response<>(changed.type(), changed.object());
    } else if (event instanceof WatchEvent.Seen<V> seen) {
      source.heard();
      resourceVersion = seen.now().resourceVersion();
      source.seen(seen.key(), seen.now());
    } else if (event instanceof WatchEvent.Bookmark<V> bookmark) {
      source.heard();
      if (!bookmark.resourceVersion().isEmpty()) {
        resourceVersion = bookmark.resourceVersion();
        source.toldNothingUpTo(resourceVersion);
      }
    } else if (event instanceof WatchEvent.Failed<V> failed) {
      interrupted(failed.why());
    }
  }

  /** The server ended the watch, as it does every few minutes. */
  private void ended() {
    closeStream();
    if (isFruitful() || openFor(MIN_DURATION)) {
      source.ended(ENDED, !openFor(MIN_STABLE_DURATION));
    } else {
      source.failed(TOO_SHORT);
    }
  }

  private void interrupted(ApiFailure why) {
    closeStream();
    if (why.needsList()) {
      source.expired(openFor(MIN_STABLE_DURATION));
      listInstead("expired (" + why.code() + ")");
    } else if (isFruitful() || openFor(MIN_STABLE_DURATION)) {
      source.ended(why, !openFor(MIN_STABLE_DURATION));
    } else {
      source.failed(why);
    }
  }

  /** The reflector lists after an ERROR. */
  private void listInstead(String why) {
    closeStream();
    source.listsAgain(why);
    finished = true;
    next = new Watch.Response<>("ERROR", expiredStatus(why));
  }

  /** The reflector dereferences the Status without a null check. */
  private static V1Status expiredStatus(String why) {
    V1Status status = new V1Status();
    status.setStatus("Failure");
    status.setCode(410);
    status.setReason("Expired");
    status.setMessage(why);
    return status;
  }

  /** A repeated event or bookmark is no progress. */
  private boolean isFruitful() {
    return opened && !resourceVersion.equals(openedFrom);
  }

  private boolean openFor(Duration least) {
    return opened && time.since(openedNanos).compareTo(least) >= 0;
  }

  private void closeStream() {
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }

  @Override
  public Watch.Response<SlimObject<V>> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the watch has ended");
    }
    Watch.Response<SlimObject<V>> result = next;
    next = null;
    return result;
  }

  @Override
  public Iterator<Watch.Response<SlimObject<V>>> iterator() {
    return this;
  }

  /**
   * Does nothing: the reflector calls it when the watch has ended, where no connection is left to
   * close, and from the thread that stops the informer, where {@link SlimListerWatcher#close} has
   * cancelled the call.
   */
  @Override
  public void close() {}
}
