// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.informer.cache.Caches;
import io.kubernetes.client.informer.cache.Store;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.time.TimeSource;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The status of one cache: whether it is filled, whether RBAC allows to read it, how old its last
 * event is. Logs, once per cause, what it waits for. Thread-safe.
 */
public final class CacheStatus implements SourceObserver {
  /** Is notified of a change of {@link #usable} or {@link #settled}, and of relists. */
  public interface Listener {
    /** The cache is filled, or has become readable or unreadable. */
    void statusChanged();

    /** The resource is relisted. */
    void relisted();
  }

  private static final Logger LOG = LoggerFactory.getLogger(CacheStatus.class);
  private static final Duration REPEAT = Duration.ofMinutes(1);
  private static final Duration UNAUTHORIZED_GRACE = Duration.ofSeconds(10);

  private final String what;
  private final String server;
  private final TimeSource time;
  private final Listener listener;

  private final CachePosition position = new CachePosition();
  private final Store<? extends KubernetesObject> objects;

  /** Both change under the lock only, as two threads write them. */
  private volatile boolean denied;

  private volatile boolean done;

  /** A list was read since the last refusal. */
  private boolean listedSinceDenied;

  private volatile long lastHeardNanos;

  /** Replaced by the source's thread only. */
  private volatile Outage outage = Outage.NONE;

  /** Used by the source's thread only. */
  private OptionalLong unauthorizedSinceNanos = OptionalLong.empty();

  /** The last failure, as text for the log; empty while reading works. */
  private volatile String problem = "";

  private String lastLogged = "";
  private long lastLoggedNanos;

  /**
   * @param objects those that the informer holds
   */
  public CacheStatus(
      String what,
      String server,
      TimeSource time,
      Listener listener,
      Store<? extends KubernetesObject> objects) {
    this.what = what;
    this.server = server;
    this.time = time;
    this.listener = listener;
    this.objects = objects;
    this.lastHeardNanos = time.nanos();
  }

  /**
   * Failures in a row, without a proof of the connection in between.
   *
   * @param sinceNanos when the first one was
   * @param watching a watch is open: its acceptance by the server is no proof yet, but a quiet
   *     resource has no event for a minute
   */
  private record Outage(int failures, long sinceNanos, boolean watching) {
    static final Outage NONE = new Outage(0, 0, false);
  }

  /** True once the cache has been filled; it stays true. */
  public boolean synced() {
    return done;
  }

  /** How far the cache has come. */
  CachePosition position() {
    return position;
  }

  /**
   * True while the content of the cache can be trusted: it is filled, and reading is allowed. After
   * a refusal a later list must have been handled: a watch alone shows past states at first.
   */
  public boolean usable() {
    return done && !denied;
  }

  /** True once the state of this cache is known: it is filled, or RBAC forbids to read it. */
  public boolean settled() {
    return done || denied;
  }

  /** Why reading fails, as text for the log; empty while it works. */
  public String problem() {
    return problem;
  }

  public double lastEventAgeSeconds() {
    return time.since(lastHeardNanos).toNanos() / 1e9;
  }

  /**
   * How long ago the first of the failures in a row was; zero while a watch is open, when nothing
   * has failed since the last event, and when reading is refused.
   */
  public Duration cutOffFor() {
    Outage now = outage;
    return now.failures > 0 && !now.watching && !denied
        ? time.since(now.sinceNanos)
        : Duration.ZERO;
  }

  @Override
  public void listed(String version, Map<String, ? extends SlimObject<?>> items) {
    position.listed(version, items, objects.listKeys());
    synchronized (this) {
      listedSinceDenied = true;
    }
    heard();
  }

  @Override
  public void handedOn() {
    position.handedOn();
    settle();
  }

  @Override
  public void received(String type, SlimObject<?> object) {
    String key = Caches.metaNamespaceKeyFunc(object);
    if (type.equals("DELETED")) {
      position.toldDeletion(key, object.resourceVersion(), objects.getByKey(key) != null);
    } else {
      position.received(key, object, object.resourceVersion());
    }
  }

  @Override
  public void toldNothingUpTo(String version) {
    position.toldNothingUpTo(version);
  }

  /** Our handler has processed an event of this object. */
  public void handled(SlimObject<?> object) {
    position.handled(Caches.metaNamespaceKeyFunc(object), object);
    settle();
  }

  /** Our handler has processed the deletion of this object. */
  void handledDeletion(SlimObject<?> object) {
    position.handledDeletion(Caches.metaNamespaceKeyFunc(object));
    settle();
  }

  /** Called by the source's thread and by the handler's. */
  private void settle() {
    if ((!done || denied) && becomesUsable()) {
      LOG.debug("Cache of {} filled", what);
      listener.statusChanged();
    }
  }

  private synchronized boolean becomesUsable() {
    boolean changes = (!done || denied && listedSinceDenied) && position.isHandled();
    if (changes) {
      done = true;
      denied = denied && !listedSinceDenied;
    }
    return changes;
  }

  private synchronized boolean becomesDenied() {
    boolean changes = !denied;
    denied = true;
    listedSinceDenied = false;
    return changes;
  }

  @Override
  public void watching() {
    Outage before = outage;
    outage = new Outage(before.failures, before.sinceNanos, true);
    unauthorizedSinceNanos = OptionalLong.empty();
  }

  @Override
  public void heard() {
    lastHeardNanos = time.nanos();
    works();
  }

  @Override
  public void ended(ApiFailure why) {
    LOG.debug("Watch of {} interrupted, resuming: {}", what, why.message());
    works();
  }

  private void works() {
    problem = "";
    if (!lastLogged.isEmpty()) {
      LOG.info("Reading {} from {} works again", what, server);
      lastLogged = "";
    }
    outage = Outage.NONE;
    unauthorizedSinceNanos = OptionalLong.empty();
  }

  /**
   * Whether the answer is a lasting one. A 401 is so only after some time: an API server that has
   * just started does not know all credentials.
   */
  private boolean denies(ApiFailure why) {
    if (why.code() != HttpURLConnection.HTTP_UNAUTHORIZED) {
      unauthorizedSinceNanos = OptionalLong.empty();
      return why.denied();
    }
    if (unauthorizedSinceNanos.isEmpty()) {
      unauthorizedSinceNanos = OptionalLong.of(time.nanos());
    }
    return time.since(unauthorizedSinceNanos.getAsLong()).compareTo(UNAUTHORIZED_GRACE) >= 0;
  }

  @Override
  public void failed(ApiFailure why, Duration pause, boolean resumable) {
    problem = why.message() + why.advice();
    Outage before = outage;
    outage =
        new Outage(
            before.failures + 1, before.failures == 0 ? time.nanos() : before.sinceNanos, false);
    if (resumable && outage.failures == 1 && !why.denied()) {
      LOG.debug("Watch of {} interrupted, resuming: {}", what, why.message());
    } else {
      warn(why, pause);
    }
    if (denies(why) && becomesDenied()) {
      listener.statusChanged();
    }
  }

  private void warn(ApiFailure why, Duration pause) {
    boolean repeated = why.message().equals(lastLogged);
    if (repeated && time.since(lastLoggedNanos).compareTo(REPEAT) < 0) {
      return;
    }
    lastLogged = why.message();
    lastLoggedNanos = time.nanos();
    LOG.warn(
        "Reading {} from {} failed, retrying in {}s: {}{}",
        what,
        server,
        Math.max(1, pause.toSeconds()),
        why.message(),
        why.advice());
  }

  @Override
  public void listsAgain(String why) {
    LOG.info("Watch of {} {}, relisting", what, why);
    listener.relisted();
  }

  @Override
  public synchronized boolean needsList() {
    return denied && !listedSinceDenied;
  }
}
