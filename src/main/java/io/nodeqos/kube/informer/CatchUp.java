// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.informer.cache.Store;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until one cache has the present state of the API server, which its watch alone does not
 * prove: the connected server may lag, or the connection may be dead. It needs one small request,
 * and more only for a cache that is behind, or large and quiet.
 */
final class CatchUp {
  private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);

  /** Events of the last moment are in transit. */
  private static final Duration DELIVERY_GRACE = Duration.ofMillis(150);

  /** After the watch was reopened, which brings missed events or, in 1 to 2.3 s, a bookmark. */
  private static final Duration REOPENED = Duration.ofSeconds(3);

  private static final int REOPENINGS = 2;

  /** For a list, which the reflector starts after a second. */
  private static final Duration LISTED = Duration.ofSeconds(15);

  private static final Duration FAILURE_PAUSE = Duration.ofMillis(500);

  private final Cache cache;
  private final ApiEndpoint api;
  private final int page;
  private final TimeSource time;
  private final BooleanSupplier wanted;

  /** The cache that is to catch up. */
  interface Cache {
    CacheSource<?> source();

    CachePosition position();

    Store<? extends KubernetesObject> objects();

    CurrentCall call();

    /** True while the cache is not trusted, so that it need not catch up. */
    boolean isUnreadable();
  }

  /**
   * @param page the most objects that are compared one by one
   * @param wanted false ends it
   */
  CatchUp(Cache cache, ApiEndpoint api, int page, TimeSource time, BooleanSupplier wanted) {
    this.cache = cache;
    this.api = api;
    this.page = page;
    this.time = time;
    this.wanted = wanted;
  }

  /**
   * Does what {@link #run} does first, once, whatever comes of it: when it counts, its code is
   * loaded. A failure has no effect.
   */
  void rehearse() {
    String what = cache.source().describe();
    try {
      LOG.debug("Rehearsal: cache of {} is current: {}", what, isCurrent(present()));
    } catch (IOException | RuntimeException e) {
      LOG.debug("Rehearsal for {} failed: {}", what, ApiRefusal.failureOf(e).message());
    }
  }

  /**
   * Returns when the cache has reached the state of the API server at a time after the call.
   *
   * @throws CancellationException when it is no longer wanted
   */
  void run() throws InterruptedException {
    while (!cache.isUnreadable()) {
      if (!wanted.getAsBoolean()) {
        throw new CancellationException();
      }
      try {
        if (reaches(present())) {
          return;
        }
      } catch (IOException | RuntimeException e) {
        failed(ApiRefusal.failureOf(e));
      }
    }
  }

  private CurrentVersion present() throws IOException {
    boolean small = cache.objects().listKeys().size() <= page;
    return CurrentVersion.read(api, cache.source(), page, small, time);
  }

  private boolean isCurrent(CurrentVersion now) {
    CachePosition position = cache.position();
    return position.hasReached(now.version())
        || now.complete() && position.isHandled() && now.isHeldBy(cache.objects());
  }

  private boolean reaches(CurrentVersion now) throws InterruptedException {
    if (awaits(now, DELIVERY_GRACE)) {
      return true;
    }
    for (int i = 0; i < REOPENINGS && wanted.getAsBoolean(); i++) {
      cache.call().reopen();
      if (awaits(now, REOPENED)) {
        return true;
      }
      LOG.warn(
          "Cache of {} is behind, no writes before it reaches resourceVersion {} of the API server",
          cache.source().describe(),
          now.version());
    }
    cache.call().listAgain();
    return awaits(now, LISTED);
  }

  private boolean awaits(CurrentVersion now, Duration limit) throws InterruptedException {
    return cache.position().await(() -> isCurrent(now), limit);
  }

  private void failed(ApiFailure why) throws InterruptedException {
    LOG.debug("Present version of {} unknown: {}", cache.source().describe(), why.message());
    if (why.denied()) {
      // A watch that is open goes on without the permission for another one.
      cache.call().reopen();
    }
    Thread.sleep(FAILURE_PAUSE.toMillis());
  }
}
