// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.election.elector;

import io.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.kubernetes.client.extended.leaderelection.LeaderElector;
import io.nodeqos.election.ElectionSettings;
import io.nodeqos.election.Fence;
import io.nodeqos.election.LeaderTerm;
import io.nodeqos.election.Leadership;
import io.nodeqos.election.LeadershipListener;
import io.nodeqos.election.LeadershipStatus;
import io.nodeqos.election.LeaseStore;
import io.nodeqos.election.ReleaseResult;
import io.nodeqos.election.TermPreparation;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs LeaderElector round after round: a round ends with the loss of a term, and the next one is a
 * candidate again. The elector's hooks only change the state; listeners are called on a thread of
 * their own, as LeaderElector swallows the exceptions of a hook and waits for a hook that blocks.
 */
public final class ElectedLeadership implements Leadership {

  /**
   * How often LeaderElector looks at the lock, which costs no request. Only a Lease that runs out
   * is found by it; a release is found by the watch, and a loss by the fence.
   */
  static final Duration TICK = Duration.ofMillis(100);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(ElectedLeadership.class);

  private final ElectionSettings settings;
  private final LeaseStore store;
  private final LeaseFence fence;
  private final LeaseHold hold;
  private final WatchedLock lock;
  private final ElectionThreads threads;
  private final EarlyPreparation preparation;

  private final List<LeadershipListener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicReference<Running> running = new AtomicReference<>();
  private volatile boolean stepDownPending;
  private volatile boolean closing;
  private volatile boolean released;

  /** The term that the listeners know of, if any. */
  private Optional<LeaderTerm> told = Optional.empty();

  private ElectedLeadership(
      ElectionSettings settings,
      LeaseStore store,
      LeaseHold hold,
      WatchedLock lock,
      ElectionThreads threads,
      EarlyPreparation preparation) {
    this.settings = settings;
    this.store = store;
    this.fence = hold.fence();
    this.hold = hold;
    this.lock = lock;
    this.threads = threads;
    this.preparation = preparation;
  }

  /**
   * @param settings with no {@link ElectionSettings#problems}
   * @param identity of this process on the Lease: {@code <pod name>_<pod UID>}
   * @param preparation runs before the start of each term
   */
  public static Leadership of(
      ElectionSettings settings, String identity, LeaseStore store, TermPreparation preparation) {
    return create(settings, identity, store, TimeSource.system(), preparation);
  }

  static ElectedLeadership create(
      ElectionSettings settings,
      String identity,
      LeaseStore store,
      TimeSource time,
      TermPreparation preparation) {
    if (!settings.problems().isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", settings.problems()));
    }
    ElectionThreads threads = ElectionThreads.create();
    LeaseFence fence = new LeaseFence(settings, time);
    LeaseRequests requests = LeaseRequests.of(store, threads.requests());
    LeaseHold hold = new LeaseHold(identity, settings, fence, requests, time);
    WatchedLock lock = new WatchedLock(hold, settings.leaseName(), time);
    return new ElectedLeadership(
        settings, store, hold, lock, threads, new EarlyPreparation(preparation, time));
  }

  private static final class Running {
    private final LeaderElector elector;
    private final LeaseStore.Watch watch;

    Running(LeaderElector elector, LeaseStore.Watch watch) {
      this.elector = elector;
      this.watch = watch;
    }
  }

  @Override
  public void start() {
    lock.tick();
    hold.watch(new Terms());
    LeaderElector elector =
        new LeaderElector(
            new LeaderElectionConfig(
                lock, settings.leaseDuration(), settings.renewDeadline(), TICK),
            // An attempt that takes longer than a tick is interrupted and joined by the next: no
            // error.
            error -> LOG.trace("Attempt of the elector interrupted", error));
    running.set(new Running(elector, store.watch(hold)));
    threads.startRounds(() -> rounds(elector));
  }

  private void rounds(LeaderElector elector) {
    while (!closing) {
      // The interrupt that ended the last round has had its effect.
      Thread.interrupted();
      try {
        if (stepDownPending) {
          giveBack();
          // Not before: the interrupt that ended the term could arrive in the middle of it.
          stepDownPending = false;
        }
        hold.newRound();
        elector.run(hold::reportTerm, this::roundOver);
        TimeUnit.NANOSECONDS.sleep(TICK.toNanos());
      } catch (InterruptedException e) {
        LOG.trace("Round of the election ended, or the election was closed", e);
      } catch (RuntimeException e) {
        LOG.error("Round of the election failed", e);
      }
    }
  }

  /** After a step-down: writes in flight must have ended before another replica may lead. */
  private void giveBack() throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(settings.callTimeout().toNanos());
    LOG.info("Release of Lease {}: {}", settings.leaseName(), lock.release(releaseTimeout()));
  }

  /** Prepares each term while the elector goes on at its own pace. */
  private final class Terms implements TermWatch {
    @Override
    public void taking(String version) {
      threads.prepare(() -> preparation.begin(version));
    }

    @Override
    public void taken(LeaderTerm term, String replaced) {
      threads.prepare(() -> preparation.of(replaced).thenRun(() -> prepared(term.epoch())));
    }

    @Override
    public void lost(String reason) {
      threads.endRound();
    }
  }

  private synchronized void prepared(long epoch) {
    hold.startTerm(epoch)
        .ifPresent(
            term -> {
              told = Optional.of(term);
              LOG.info("Leading: epoch={}, lease={}", term.epoch(), settings.leaseName());
              tell(l -> l.leading(term));
            });
  }

  private synchronized void roundOver() {
    hold.endTerm(LeaseFence.NOT_RENEWED);
    told.ifPresent(
        term -> {
          String reason = fence.endReason();
          LOG.info("No longer leading, epoch={}: {}", term.epoch(), reason);
          tell(l -> l.stopped(term, reason));
        });
    told = Optional.empty();
  }

  private void tell(Consumer<LeadershipListener> call) {
    threads.tellListeners(
        () -> {
          for (LeadershipListener listener : listeners) {
            try {
              call.accept(listener);
            } catch (RuntimeException | LinkageError e) {
              LOG.error("Leadership listener failed", e);
              stepDown("a leadership listener failed: " + e);
            }
          }
        });
  }

  @Override
  public void addListener(LeadershipListener listener) {
    listeners.add(listener);
  }

  @Override
  public Fence fence() {
    return fence;
  }

  @Override
  public LeadershipStatus status() {
    return hold.status();
  }

  @Override
  public Duration waitingToStart() {
    return hold.waitingToStart();
  }

  @Override
  public Duration sinceLastAttempt() {
    return lock.sinceLastAttempt();
  }

  @Override
  public void stepDown(String reason) {
    if (hold.term().isPresent()) {
      LOG.warn("Stepping down: {}", reason);
      // Before the term ends: its end wakes the thread that checks this.
      stepDownPending = true;
      hold.standBack(reason, settings.leaseDuration());
    }
  }

  @Override
  public void closeToNewWork() {
    fence.closeToNewWork();
  }

  @Override
  public ReleaseResult release(Duration timeout) {
    closing = true;
    released = true;
    fence.closeToNewWork();
    hold.close();
    threads.endRound();
    try {
      ReleaseResult result = lock.release(timeout);
      LOG.info("Release of Lease {}: {}", settings.leaseName(), result);
      return result;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ReleaseResult.FAILED;
    }
  }

  @Override
  public void close() {
    if (!released) {
      release(releaseTimeout());
    }
    Running stopped = running.getAndSet(null);
    try {
      if (stopped != null) {
        stopped.watch.close();
        threads.joinRounds(STOP_TIMEOUT);
        // Frees its threads; its own release is ignored by the lock.
        stopped.elector.close();
      }
      threads.close(STOP_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration releaseTimeout() {
    return settings.leaseCallTimeout().multipliedBy(2);
  }
}
