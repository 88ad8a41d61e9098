// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.lease;

import io.nodeqos.election.LeaseState;
import io.nodeqos.election.LeaseStore;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.watch.JsonWatchStream;
import io.nodeqos.kube.watch.WatchEvent;
import io.nodeqos.kube.watch.WatchStream;
import io.nodeqos.thread.DaemonThreads;
import io.nodeqos.time.Pauses;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one Lease until closed. Each watch starts without a resourceVersion, so with the present
 * state from a consistent read: there is no version to lose and no 410 to handle.
 */
final class LeaseWatch implements LeaseStore.Watch, Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseWatch.class);

  private static final Duration SERVER_TIMEOUT = Duration.ofMinutes(5);

  /**
   * A held Lease is renewed every few seconds, a bookmark comes each minute: after so long without
   * a byte the connection counts as dead.
   */
  private static final Duration IDLE = Duration.ofSeconds(75);

  /** A watch that ends sooner has failed: the next one waits. */
  private static final Duration HEALTHY = Duration.ofSeconds(5);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  /** Much shorter than for informers: without a watch a failover is seen late. */
  private static final int DOUBLINGS = 5;

  private final ApiEndpoint api;
  private final String path;
  private final String name;
  private final LeaseStore.Listener listener;
  private final Pauses pauses;

  private final Object lock = new Object();
  private boolean closed;
  private Call call;
  private Thread thread;
  private int failures;

  LeaseWatch(
      ApiEndpoint api, String path, String name, LeaseStore.Listener listener, Pauses pauses) {
    this.api = api;
    this.path = path;
    this.name = name;
    this.listener = listener;
    this.pauses = pauses;
  }

  void start() {
    synchronized (lock) {
      thread = DaemonThreads.named("lease-watch", this);
      thread.start();
    }
  }

  @Override
  public void run() {
    while (!isClosed()) {
      long begun = pauses.time().nanos();
      ApiFailure why;
      try {
        watchOnce(begun);
        why = new ApiFailure(0, "", "the watch ended at once", Duration.ZERO);
      } catch (IOException | RuntimeException e) {
        why = ApiRefusal.failureOf(e);
      }
      if (!lasted(begun) && !isClosed()) {
        pauseAfter(why);
      }
    }
  }

  /** Each watch starts with the present state: an event alone does not prove that it works. */
  private boolean lasted(long begun) {
    boolean lasted = pauses.time().since(begun).compareTo(HEALTHY) >= 0;
    if (lasted && failures > 0) {
      LOG.info("Watch of Lease {} works again", name);
      failures = 0;
    }
    return lasted;
  }

  private void watchOnce(long begun) throws IOException {
    Duration serverTimeout = pauses.between(SERVER_TIMEOUT, SERVER_TIMEOUT.multipliedBy(2));
    Map<String, String> query =
        Map.of(
            "watch",
            "true",
            "allowWatchBookmarks",
            "true",
            "fieldSelector",
            "metadata.name=" + name,
            "timeoutSeconds",
            Long.toString(serverTimeout.toSeconds()));
    OkHttpClient http =
        api.http().newBuilder().callTimeout(Duration.ZERO).readTimeout(IDLE).build();
    Call next = http.newCall(api.watch(path, query).build());
    hold(next);
    Response response = next.execute();
    if (!response.isSuccessful()) {
      try (response) {
        throw new ApiRefusal(ApiFailure.of(response, pauses.time()));
      }
    }
    try (WatchStream<LeaseState> stream = new JsonWatchStream<>(response, new LeaseCodec())) {
      Optional<WatchEvent<LeaseState>> event = stream.next();
      while (event.isPresent()) {
        tell(event.get());
        lasted(begun);
        event = stream.next();
      }
    }
  }

  private void tell(WatchEvent<LeaseState> event) throws IOException {
    if (event instanceof WatchEvent.Changed<LeaseState> changed) {
      LeaseState state = changed.object().view();
      if (changed.type().equals("DELETED")) {
        listener.deleted(state.resourceVersion());
      } else {
        listener.changed(state);
      }
    } else if (event instanceof WatchEvent.Bookmark<LeaseState>) {
      listener.alive();
    } else if (event instanceof WatchEvent.Failed<LeaseState> failed) {
      throw new ApiRefusal(failed.why());
    }
  }

  private void pauseAfter(ApiFailure why) {
    if (failures == 0) {
      LOG.warn("Watch of Lease {} failed, reading it instead: {}", name, why.message());
    }
    Duration ceiling = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, DOUBLINGS));
    failures++;
    Duration pause = pauses.between(ceiling.dividedBy(2), ceiling);
    try {
      pauses.sleep(pause.compareTo(why.retryAfter()) > 0 ? pause : why.retryAfter());
    } catch (InterruptedException stopping) {
      close();
    }
  }

  private void hold(Call next) throws IOException {
    synchronized (lock) {
      if (closed) {
        throw new IOException("closed");
      }
      call = next;
    }
  }

  private boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      if (call != null) {
        call.cancel();
      }
      if (thread != null) {
        thread.interrupt();
      }
    }
  }
}
