// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credential of a plug-in, fetched once for all clients. It is replaced in the background when
 * a fifth of its lifetime is left (at most five minutes), before the next request when it has
 * expired all the same, and once when the server refuses it. {@code plugin/pkg/client/auth/exec} of
 * client-go 1.37 does the last two; the first keeps renewals of the Lease from waiting.
 */
public final class ExecCredentials implements CredentialSource {
  /** Runs the plug-in. */
  public interface Plugin {
    ExecPlugin.Answer run() throws IOException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(ExecCredentials.class);

  private static final Duration MAX_HEAD_START = Duration.ofMinutes(5);

  /** The plug-in is not run more often than this, whatever it or the server answers. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  private final Plugin plugin;
  private final TimeSource time;
  private final Executor background;
  private final Runnable identityChanged;
  private final ReentrantLock running = new ReentrantLock();
  private final AtomicBoolean renewing = new AtomicBoolean();

  private volatile Held held;
  private volatile Failure failure;
  private volatile long after401Nanos;
  private volatile boolean ranAfter401;

  private record Held(
      Credential credential, Optional<Instant> expires, Instant renewAt, long nanos) {}

  private record Failure(IOException why, long nanos) {}

  /**
   * @param background runs the plug-in while the credential is still good
   * @param identityChanged closes the connections that were made with another certificate
   */
  public ExecCredentials(
      Plugin plugin, TimeSource time, Executor background, Runnable identityChanged) {
    this.plugin = plugin;
    this.time = time;
    this.background = background;
    this.identityChanged = identityChanged;
  }

  @Override
  public Credential current() throws IOException {
    Held now = held;
    Instant at = time.wallTime();
    if (now == null || isOver(now, at)) {
      return replaced(now).credential();
    }
    if (now.expires().isPresent()
        && !at.isBefore(now.renewAt())
        && !recentlyFailed()
        && renewing.compareAndSet(false, true)) {
      background.execute(() -> renew(now));
    }
    return now.credential();
  }

  /** A plug-in that answers with an expired credential is not run for each request. */
  private boolean isOver(Held now, Instant at) {
    return now.expires().map(end -> !at.isBefore(end)).orElse(false)
        && time.since(now.nanos()).compareTo(PAUSE) >= 0;
  }

  private void renew(Held old) {
    try {
      replaced(old);
    } catch (IOException e) {
      LOG.warn("Credential not renewed, valid until {}: {}", until(old), e.getMessage());
    } finally {
      renewing.set(false);
    }
  }

  private static String until(Held old) {
    return old.expires().map(Instant::toString).orElse("the server refuses it");
  }

  @Override
  public Credential after401(Credential refused) {
    Held now = held;
    if (now == null || now.credential() != refused) {
      return now == null ? refused : now.credential();
    }
    running.lock();
    try {
      if (held != now) {
        return held.credential();
      }
      if (ranAfter401 && time.since(after401Nanos).compareTo(PAUSE) < 0) {
        return refused;
      }
      ranAfter401 = true;
      after401Nanos = time.nanos();
      Credential fresh = run().credential();
      // A credential from the plug-in's own cache will be refused again.
      return fresh.sameAs(refused) ? refused : fresh;
    } catch (IOException e) {
      LOG.warn("Credential refused by the API server, no other available: {}", e.getMessage());
      return refused;
    } finally {
      running.unlock();
    }
  }

  private Held replaced(Held old) throws IOException {
    running.lock();
    try {
      return held == old ? run() : held;
    } finally {
      running.unlock();
    }
  }

  private boolean recentlyFailed() {
    Failure last = failure;
    return last != null && time.since(last.nanos()).compareTo(PAUSE) < 0;
  }

  /** With the lock. */
  private Held run() throws IOException {
    if (recentlyFailed()) {
      throw new IOException(failure.why().getMessage(), failure.why());
    }
    ExecPlugin.Answer answer;
    try {
      answer = plugin.run();
      failure = null;
    } catch (IOException e) {
      failure = new Failure(e, time.nanos());
      throw e;
    }
    Held before = held;
    held = new Held(answer.credential(), answer.expires(), renewal(answer.expires()), time.nanos());
    if (before != null && answer.credential().hasOtherIdentity(before.credential())) {
      identityChanged.run();
    }
    return held;
  }

  private Instant renewal(Optional<Instant> expires) {
    if (expires.isEmpty()) {
      return Instant.MAX;
    }
    Instant now = time.wallTime();
    Duration fifth = Duration.between(now, expires.get()).dividedBy(5);
    Instant early =
        expires.get().minus(fifth.compareTo(MAX_HEAD_START) < 0 ? fifth : MAX_HEAD_START);
    // A plug-in that answers from its own cache gives a shorter lifetime each time.
    Instant earliest = now.plus(PAUSE);
    return early.isBefore(earliest) ? earliest : early;
  }
}
