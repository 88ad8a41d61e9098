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

  /** Written by the source's thread only. */
  private volatile int failuresInARow;

  private String lastLogged = "";
  private long lastLoggedNanos;

  CacheStatus(String what, String server, Timing timing, Listener listener) {
    this.what = what;
    this.server = server;
    this.timing = timing;
    this.listener = listener;
    this.lastHeardNanos = timing.nanos();
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

  /** How long nothing was heard although it was tried; zero while reading works or is refused. */
  Duration cutOffFor() {
    return failuresInARow > 0 && !denied ? timing.since(lastHeardNanos) : Duration.ZERO;
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
    allowed();
  }

  @Override
  public void heard() {
    lastHeardNanos = timing.nanos();
  }

  private void allowed() {
    if (failuresInARow > 0 && !lastLogged.isEmpty()) {
      LOG.info("Reading {} from {} works again.", what, server);
    }
    failuresInARow = 0;
    lastLogged = "";
    if (denied) {
      denied = false;
      listener.statusChanged();
    }
  }

  @Override
  public void failed(ApiFailure why, Duration pause, boolean resumable) {
    failuresInARow = failuresInARow + 1;
    if (resumable && failuresInARow == 1 && !why.denied()) {
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
