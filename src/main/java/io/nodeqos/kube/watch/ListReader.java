// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.client.KubeSettings;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.time.Pauses;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import okhttp3.OkHttpClient;

/** Reads complete lists once, without a watch. For one thread. */
public final class ListReader {
  private static final int ATTEMPTS = 4;
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(2);

  /** Hears of lists that take long. */
  public interface Progress {
    Progress NONE = (list, objects) -> {};

    /**
     * Called for a list that has taken two seconds, and every two seconds from then on.
     *
     * @param list {@code pods of namespace kube-system}
     * @param objects received so far
     */
    void listing(String list, int objects);
  }

  /** Receives the objects of a list as they arrive. */
  public interface Sink<V> {
    /** The list starts: the objects received before do not count. */
    void restart() throws IOException;

    void add(V view) throws IOException;
  }

  private final ApiEndpoint api;
  private final KubeSettings.Cache settings;
  private final Pauses pauses;
  private final Progress progress;

  public ListReader(
      ApiEndpoint api, KubeSettings.Cache settings, Pauses pauses, Progress progress) {
    this.api = api;
    this.settings = settings;
    this.pauses = pauses;
    this.progress = progress;
  }

  /** With the default settings of the controller's caches. */
  public static ListReader of(ApiEndpoint api, Pauses pauses, Progress progress) {
    return new ListReader(api, KubeSettings.defaults().cache(), pauses, progress);
  }

  public <V> List<V> read(CacheSource<V> source) throws IOException {
    return read(source, view -> true);
  }

  /**
   * Reads the list; again from its start when the server is overloaded or the connection breaks.
   *
   * @param wanted the views to keep
   * @throws IOException when it cannot be read; an {@link ApiRefusal} when the server refuses it
   */
  public <V> List<V> read(CacheSource<V> source, Predicate<V> wanted) throws IOException {
    List<V> views = new ArrayList<>();
    stream(
        source,
        new Sink<>() {
          @Override
          public void restart() {
            views.clear();
          }

          @Override
          public void add(V view) {
            if (wanted.test(view)) {
              views.add(view);
            }
          }
        });
    return views;
  }

  /**
   * Reads the list without keeping it; again from its start when the server is overloaded or the
   * connection breaks.
   *
   * @throws IOException when it cannot be read; an {@link ApiRefusal} when the server refuses it, a
   *     {@link SinkException} when the sink throws
   */
  public <V> void stream(CacheSource<V> source, Sink<V> sink) throws IOException {
    Encoding<V> encoding = new Encoding<>(source, pauses.time());
    OkHttpClient http = api.http().newBuilder().readTimeout(settings.listIdle()).build();
    ListPager<V> pager =
        new ListPager<>(api, http, source, encoding, settings.pageLimit(), pauses.time());
    Received<V> received = new Received<>(source, sink);
    for (int attempt = 1; ; attempt++) {
      try {
        pager.read(call -> {}, received);
        return;
      } catch (SinkException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        if (!encoding.fallBack(e)) {
          ApiFailure why = ApiRefusal.failureOf(e);
          if (attempt == ATTEMPTS || !mayPass(why, received)) {
            throw e;
          }
          pause(why.retryAfter());
        }
      }
    }
  }

  /** A server that was never reached has a wrong address more often than a bad moment. */
  private static boolean mayPass(ApiFailure why, Received<?> received) {
    return why.code() == 0 ? received.objects > 0 : !why.denied() && why.mayPass();
  }

  private void pause(Duration wish) throws InterruptedIOException {
    try {
      pauses.sleep(wish.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : wish);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private final class Received<V> implements ListPager.Sink<V> {
    private final CacheSource<V> source;
    private final Sink<V> sink;
    private final TimeSource time = pauses.time();
    private long reportedNanos = time.nanos();
    private int objects;

    Received(CacheSource<V> source, Sink<V> sink) {
      this.source = source;
      this.sink = sink;
    }

    @Override
    public void restart() throws SinkException {
      try {
        sink.restart();
      } catch (IOException e) {
        throw new SinkException(e);
      }
      objects = 0;
    }

    @Override
    public void add(SlimObject<V> item) throws SinkException {
      objects++;
      try {
        sink.add(item.view());
      } catch (IOException e) {
        throw new SinkException(e);
      }
      if (time.since(reportedNanos).compareTo(LONG) >= 0) {
        reportedNanos = time.nanos();
        progress.listing(source.describe(), objects);
      }
    }
  }
}
