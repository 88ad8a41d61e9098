// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.informer;

import io.kubernetes.client.informer.ListerWatcher;
import io.kubernetes.client.informer.cache.Caches;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.util.CallGeneratorParams;
import io.kubernetes.client.util.Watchable;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.client.KubeSettings.Cache;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.watch.CacheSource;
import io.nodeqos.kube.watch.Encoding;
import io.nodeqos.kube.watch.Known;
import io.nodeqos.kube.watch.ListPager;
import io.nodeqos.kube.watch.SlimList;
import io.nodeqos.kube.watch.WatchStream;
import io.nodeqos.time.Pauses;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/**
 * Lists and watches for the stock informer, and adds paging, backoff and resuming from the last
 * version, which its reflector does not do. The reflector relists on any error that it sees, so it
 * sees none but "the version is too old".
 */
public final class SlimListerWatcher<V>
    implements ListerWatcher<SlimObject<V>, SlimList<V>>, Closeable {
  private static final String STOPPED = "this cache was stopped";

  /** The server sends a bookmark two seconds before it ends a watch: a second from its start. */
  private static final Duration SHORT_WATCH = Duration.ofSeconds(3);

  private final ApiEndpoint api;
  private final CacheSource<V> source;
  private final Cache settings;
  private final Pauses pauses;
  private final SourceObserver observer;
  private final Known<V> known;

  private final Encoding<V> encoding;
  private final StartingServer starting;
  private final LivenessDeadline liveness;
  private final WatchBackoff backoff;
  private final CurrentCall current = new CurrentCall();

  /** Used by the reflector's thread only. */
  private SlimList<V> handingOn;

  private int expiredInARow;

  public SlimListerWatcher(
      ApiEndpoint api,
      CacheSource<V> source,
      Cache settings,
      Pauses pauses,
      SourceObserver observer,
      Known<V> known) {
    this.api = api;
    this.source = source;
    this.settings = settings;
    this.pauses = pauses;
    this.observer = observer;
    this.known = known;
    this.encoding = new Encoding<>(source, pauses.time());
    this.starting = new StartingServer(api, pauses.time());
    this.liveness = new LivenessDeadline(pauses.time());
    this.backoff = new WatchBackoff(pauses);
  }

  /** True when the thread of this source is alive: trying, waiting or reading. */
  boolean alive() {
    return liveness.isMet();
  }

  /** True for an exception of this class that is due to its stop, which is no failure. */
  static boolean isStop(Throwable e) {
    return e instanceof ApiException stop && String.valueOf(stop.getMessage()).contains(STOPPED);
  }

  /**
   * Lists until it works or this object is closed. The reflector's parameters are ignored: every
   * list is a consistent read.
   */
  @Override
  public SlimList<V> list(CallGeneratorParams params) throws ApiException {
    if (expiredInARow > 1) {
      // A repeated list and a watch that expires at once must not become a busy loop.
      pause(backoff.afterFailure(Duration.ZERO));
    }
    OkHttpClient http = api.http().newBuilder().readTimeout(settings.listIdle()).build();
    ListPager<V> pager =
        new ListPager<>(api, http, source, encoding, settings.pageLimit(), pauses.time());
    while (!isClosed()) {
      try {
        SlimList<V> list = pager.list(this::hold);
        starting.answered();
        encoding.understood();
        observer.listed(list.getMetadata().getResourceVersion(), byKey(list));
        handingOn = list;
        return list;
      } catch (IOException | RuntimeException e) {
        if (!isClosed() && !readAsJson(e)) {
          ApiFailure why = failureOf(e);
          Duration pause = backoff.afterFailure(why.retryAfter());
          observer.failed(why, pause, false);
          pause(pause);
        }
      }
    }
    throw new ApiException(STOPPED);
  }

  private static <V> Map<String, SlimObject<V>> byKey(SlimList<V> list) {
    Map<String, SlimObject<V>> byKey = new HashMap<>();
    for (SlimObject<V> item : list.getItems()) {
      byKey.put(Caches.metaNamespaceKeyFunc(item), item);
    }
    return byKey;
  }

  /** Never fails: the watch opens with the first request for an event. */
  @Override
  public Watchable<SlimObject<V>> watch(CallGeneratorParams params) {
    if (handingOn != null) {
      handingOn.release();
      handingOn = null;
      observer.handedOn();
    }
    return new ResumingWatch<>(new Source(), params.resourceVersion, pauses.time());
  }

  /** Requests of other threads to this source. */
  CurrentCall current() {
    return current;
  }

  /** The task that waits until the cache of this source has the state of the API server. */
  CatchUp catchUp(CatchUp.Cache cache, BooleanSupplier wanted) {
    return new CatchUp(cache, api, settings.pageLimit(), pauses.time(), wanted);
  }

  /** The failure behind an exception. */
  private ApiFailure failureOf(Exception e) {
    return starting.judged(ApiRefusal.failureOf(e));
  }

  /** Switches to JSON when that helps against this failure, and returns whether it does. */
  private boolean readAsJson(Exception failure) {
    return encoding.fallBack(failure);
  }

  private boolean isClosed() {
    return current.isClosed();
  }

  private void pause(Duration pause) {
    liveness.expectWithin(pause);
    try {
      pauses.sleep(pause);
    } catch (InterruptedException stopping) {
      // Only the informer's stop interrupts this thread.
      close();
      Thread.currentThread().interrupt();
    }
  }

  private void hold(Call next) throws IOException {
    hold(next, false);
  }

  private void hold(Call next, boolean isWatch) throws IOException {
    liveness.expectWithin(settings.watchIdle().plus(settings.listIdle()));
    current.begin(next, isWatch);
  }

  /** Ends the call in progress and any wait for the next one. Safe to call from any thread. */
  @Override
  public void close() {
    current.close();
  }

  /** For the one watch that the reflector reads at a time, on its thread. */
  private final class Source implements ResumingWatch.Source<V> {
    @Override
    public boolean isClosed() {
      return SlimListerWatcher.this.isClosed();
    }

    @Override
    public ApiFailure failureOf(Exception e) {
      return SlimListerWatcher.this.failureOf(e);
    }

    @Override
    public boolean reopensAtOnce(Exception failure) {
      return current.isWished() || readAsJson(failure);
    }

    @Override
    public WatchStream<V> open(String resourceVersion) throws IOException {
      Duration serverTimeout =
          current.takeReopening()
              ? SHORT_WATCH
              : pauses.between(settings.watchTimeout(), settings.watchTimeout().multipliedBy(2));
      Map<String, String> query = new HashMap<>(source.query());
      query.put("watch", "true");
      query.put("allowWatchBookmarks", "true");
      query.put("resourceVersion", resourceVersion);
      query.put("timeoutSeconds", Long.toString(Math.max(1, serverTimeout.toSeconds())));
      // The watchdog: a read without a byte for so long fails, whatever state the connection shows.
      OkHttpClient http = api.http().newBuilder().readTimeout(settings.watchIdle()).build();
      Call next = http.newCall(encoding.accepting(api.watch(source.path(), query)));
      hold(next, true);
      Response response = next.execute();
      if (!response.isSuccessful()) {
        try (response) {
          throw new ApiRefusal(ApiFailure.of(response, pauses.time()));
        }
      }
      WatchStream<V> stream;
      try {
        stream = encoding.watch(response, known);
      } catch (IOException e) {
        response.close();
        throw e;
      }
      starting.answered();
      observer.watching();
      return stream;
    }

    @Override
    public void heard() {
      liveness.expectWithin(settings.watchIdle());
      encoding.understood();
      observer.heard();
    }

    @Override
    public void received(String type, SlimObject<V> object) {
      observer.received(type, object);
    }

    @Override
    public void seen(String key, SlimObject<V> now) {
      known.seen(key, now);
    }

    @Override
    public void toldNothingUpTo(String version) {
      observer.toldNothingUpTo(version);
    }

    @Override
    public Optional<String> takeWishForList() {
      if (current.takeList()) {
        return Optional.of("lags behind the API server");
      }
      return observer.needsList()
          ? Optional.of("was refused and may have missed events")
          : Optional.empty();
    }

    @Override
    public void ended(ApiFailure why, boolean wasShort) {
      expiredInARow = 0;
      observer.ended(why);
      pause(backoff.afterWatch(wasShort, why.retryAfter()));
    }

    @Override
    public void failed(ApiFailure why) {
      Duration pause = backoff.afterFailure(why.retryAfter());
      observer.failed(why, pause, true);
      pause(pause);
    }

    @Override
    public void expired(boolean lasted) {
      expiredInARow = lasted ? 1 : expiredInARow + 1;
    }

    @Override
    public void listsAgain(String why) {
      observer.listsAgain(why);
    }
  }
}
