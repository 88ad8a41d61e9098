// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/** Follows one object on the calling thread, in one request. */
public final class ObjectWatch<V> {
  /** The server ends it after this time, as it ends all watches. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** A bookmark comes each minute: after so long without a byte the connection counts as dead. */
  private static final Duration IDLE = Duration.ofSeconds(75);

  private final ApiEndpoint api;
  private final CacheSource<V> source;
  private final TimeSource time;

  /** Why a watch has ended. */
  public enum End {
    /** The reader has seen what it wanted. */
    SEEN,
    /** The object was deleted. */
    DELETED,
    /**
     * The server has ended it, its time is over, or the version is too old: the reader reads the
     * object and may open the next.
     */
    CLOSED
  }

  /**
   * @param source of one object by its name
   */
  public ObjectWatch(ApiEndpoint api, CacheSource<V> source, TimeSource time) {
    this.api = api;
    this.source = source;
    this.time = time;
  }

  /**
   * Watches until the object is as it is wanted, at most for this time.
   *
   * @param after the version of the object that the reader knows; empty to begin with the present
   *     one, from a consistent read: then the deletion of an object before has no event
   * @param limit more than zero; the request ends then, even in the middle of an event
   * @param wanted called with each version
   * @throws IOException when the connection breaks; an {@link ApiRefusal} when the server refuses
   */
  public End follow(String after, Duration limit, Predicate<V> wanted) throws IOException {
    Duration longest = limit.compareTo(LONGEST) < 0 ? limit : LONGEST;
    long start = time.nanos();
    Map<String, String> query = new HashMap<>(source.query());
    query.put("watch", "true");
    query.put("allowWatchBookmarks", "true");
    if (!after.isEmpty()) {
      query.put("resourceVersion", after);
    }
    query.put("timeoutSeconds", Long.toString(Math.max(1, longest.toSeconds())));
    OkHttpClient http =
        api.http().newBuilder().callTimeout(longest.plusMillis(1)).readTimeout(IDLE).build();
    try {
      return read(http, query, wanted);
    } catch (ApiRefusal refused) {
      if (refused.failure().needsList()) {
        return End.CLOSED;
      }
      throw refused;
    } catch (IOException e) {
      if (time.since(start).compareTo(longest) >= 0) {
        return End.CLOSED;
      }
      throw e;
    }
  }

  private End read(OkHttpClient http, Map<String, String> query, Predicate<V> wanted)
      throws IOException {
    Response response = http.newCall(api.watch(source.path(), query).build()).execute();
    if (!response.isSuccessful()) {
      try (response) {
        throw new ApiRefusal(ApiFailure.of(response, time));
      }
    }
    try (WatchStream<V> stream = new JsonWatchStream<>(response, source.codec())) {
      Optional<WatchEvent<V>> event = stream.next();
      while (event.isPresent()) {
        if (event.get() instanceof WatchEvent.Failed<V> failed) {
          throw new ApiRefusal(failed.why());
        }
        if (event.get() instanceof WatchEvent.Changed<V> changed) {
          if (changed.type().equals("DELETED")) {
            return End.DELETED;
          }
          if (wanted.test(changed.object().view())) {
            return End.SEEN;
          }
        }
        event = stream.next();
      }
      return End.CLOSED;
    }
  }
}
