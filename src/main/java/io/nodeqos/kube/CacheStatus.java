// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one cache fares: whether it is filled, whether it may be read, how old its last event is.
 * Says in the log, once per cause, what it waits for. Thread-safe.
 */
final class CacheStatus implements SourceObserver {
  /** Who wants to know of a change of {@link #usable} or {@link #settled}, and of lists. */
  interface Listener {
    /** The cache has become filled, readable or unreadable. */
    void statusChanged();

    /** Everything is listed again. */
    void relisted();
  }

  private static final Logger LOG = LoggerFactory.getLogger(CacheStatus.class);
  private static final Duration REPEAT = Duration.ofMinutes(1);

  private final String what;
  private final String server;
  private final Timing timing;
  private final Listener listener;

  private final InitialSync sync = new InitialSync();
  private volatile boolean denied;
  private volatile boolean done;
  private volatile long lastHeardNanos;

  /** Replaced by the source's thread only. */
  private volatile Outage outage = Outage.NONE;

  private String lastLogged = "";
  private long lastLoggedNanos;

  CacheStatus(String what, String server, Timing timing, Listener listener) {
    this.what = what;
    this.server = server;
    this.timing = timing;
    this.listener = listener;
    this.lastHeardNanos = timing.nanos();
  }

  /**
   * Failures without anything in between that proves the connection.
   *
   * @param sinceNanos when the first one was
   * @param watching a watch is open: that the server accepted it is no proof yet, but a quiet
   *     resource has nothing to tell for a minute
   */
  private record Outage(int failures, long sinceNanos, boolean watching) {
    static final Outage NONE = new Outage(0, 0, false);
  }

  /** True once the cache has been filled; it stays true. */
  boolean synced() {
    return done;
  }

  /** True while what the cache holds may be trusted: filled, and reading is allowed. */
  boolean usable() {
    return done && !denied;
  }

  /** True once it is known what to expect of this cache: it is filled, or may not be read. */
  boolean settled() {
    return done || denied;
  }

  double lastEventAgeSeconds() {
    return timing.since(lastHeardNanos).toNanos() / 1e9;
  }

  /**
   * How long ago the first of the failures in a row was; zero while a watch is open, when nothing
   * has failed since the last event, and when reading is refused.
   */
  Duration cutOffFor() {
    Outage now = outage;
    return now.failures > 0 && !now.watching && !denied
        ? timing.since(now.sinceNanos)
        : Duration.ZERO;
  }

  @Override
  public void listed(Set<String> names) {
    sync.listed(names);
    heard();
    allowed();
  }

  @Override
  public void handedOn() {
    sync.handedOn();
    checkDone();
  }

  /** Our handler is done with an event of this object. */
  void handled(String name) {
    if (!done) {
      sync.handled(name);
      checkDone();
    }
  }

  private void checkDone() {
    if (!done && sync.done()) {
      done = true;
      LOG.debug("The cache of {} is filled.", what);
      listener.statusChanged();
    }
  }

  @Override
  public void watching() {
    Outage before = outage;
    outage = new Outage(before.failures, before.sinceNanos, true);
    allowed();
  }

  @Override
  public void heard() {
    lastHeardNanos = timing.nanos();
    works();
  }

  @Override
  public void ended(ApiFailure why) {
    LOG.debug("The watch of {} was cut and is resumed: {}.", what, why.message());
    works();
  }

  private void works() {
    if (!lastLogged.isEmpty()) {
      LOG.info("Reading {} from {} works again.", what, server);
      lastLogged = "";
    }
    outage = Outage.NONE;
  }

  private void allowed() {
    if (denied) {
      denied = false;
      listener.statusChanged();
    }
  }

  @Override
  public void failed(ApiFailure why, Duration pause, boolean resumable) {
    Outage before = outage;
    outage =
        new Outage(
            before.failures + 1, before.failures == 0 ? timing.nanos() : before.sinceNanos, false);
    if (resumable && outage.failures == 1 && !why.denied()) {
      LOG.debug("The watch of {} was cut and is resumed: {}.", what, why.message());
    } else {
      warn(why, pause);
    }
    if (why.denied() && !denied) {
      denied = true;
      listener.statusChanged();
    }
  }

  private void warn(ApiFailure why, Duration pause) {
    boolean repeated = why.message().equals(lastLogged);
    if (repeated && timing.since(lastLoggedNanos).compareTo(REPEAT) < 0) {
      return;
    }
    lastLogged = why.message();
    lastLoggedNanos = timing.nanos();
    LOG.warn(
        "Cannot read {} from {}: {}.{} Trying again in {} s.",
        what,
        server,
        why.message(),
        why.advice(),
        Math.max(1, pause.toSeconds()));
  }

  @Override
  public void expired() {
    LOG.info("The watch of {} is too far behind; listing again.", what);
    listener.relisted();
  }
}
