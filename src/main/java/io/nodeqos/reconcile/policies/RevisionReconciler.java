// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.policies;

import io.nodeqos.events.QosEvent;
import io.nodeqos.node.Keys;
import io.nodeqos.policy.Completion;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.queue.Outcome;
import io.nodeqos.queue.RetryDelays;
import io.nodeqos.queue.WorkItem;
import io.nodeqos.queue.WorkerPool;
import io.nodeqos.reconcile.EventPublisher;
import io.nodeqos.reconcile.WriteFailure;
import io.nodeqos.reconcile.WriteResult;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores each version of a policy that is in force as a ControllerRevision, where every replica
 * finds it: one write for a version with new content, one when its rollout is completed, none
 * otherwise, and a deletion of the oldest when there are too many. For one worker, under a {@link
 * io.nodeqos.reconcile.LeaderHandler}.
 */
public final class RevisionReconciler implements WorkerPool.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(RevisionReconciler.class);

  /** How long the cache may take to hold our own write; no further write for the policy before. */
  private static final Duration CACHE_GRACE = Duration.ofSeconds(5);

  private final PolicyCatalog policies;
  private final RevisionWriter writer;
  private final EventPublisher events;
  private final String namespace;
  private final RetryDelays afterFailures;
  private final TimeSource time;
  private final Map<String, Written> written = new HashMap<>();
  private final Map<String, String> reported = new HashMap<>();

  /**
   * Our last write for a policy, which the cache may not hold yet.
   *
   * @param shows that a revision is as it is after the write
   */
  private record Written(Predicate<List<PolicyRevision>> shows, long nanos) {}

  /**
   * @param namespace of the revisions, the controller's own
   */
  public RevisionReconciler(
      PolicyCatalog policies,
      RevisionWriter writer,
      EventPublisher events,
      String namespace,
      RetryDelays afterFailures,
      TimeSource time) {
    this.policies = policies;
    this.writer = writer;
    this.events = events;
    this.namespace = namespace;
    this.afterFailures = afterFailures;
    this.time = time;
  }

  @Override
  public Outcome handle(WorkItem item) {
    Optional<PolicyCatalog.Entry> entry =
        policies.entry(item.key()).filter(e -> !e.latest().meta().deleting());
    if (entry.isEmpty()) {
      // The garbage collector deletes its revisions.
      written.remove(item.key());
      reported.remove(item.key());
      return Outcome.done();
    }
    return entry
        .get()
        .inForce()
        .map(policy -> reconcile(entry.get().latest(), policy, item.attempt()))
        .orElseGet(Outcome::done);
  }

  private Outcome reconcile(PolicyObject latest, NodeQoSPolicy inForce, int attempt) {
    PolicyRevision wanted = PolicyRevision.of(inForce);
    List<PolicyRevision> stored = policies.revisions(latest.name());
    Duration cacheBehind = cacheBehind(latest.name(), stored);
    if (!cacheBehind.isZero()) {
      return Outcome.again(cacheBehind);
    }
    List<PolicyRevision> own =
        stored.stream()
            .filter(r -> r.isIntact() && r.policyUid().equals(wanted.policyUid()))
            .toList();
    Optional<PolicyRevision> newest = own.isEmpty() ? Optional.empty() : Optional.of(last(own));
    boolean isRecorded =
        newest.filter(n -> n.saysWhat(wanted) || n.generation() >= wanted.generation()).isPresent();
    if (!isRecorded) {
      return record(latest, wanted, stored, attempt);
    }
    reported.remove(latest.name());
    return RevisionHistory.toComplete(own, latest, inForce)
        .map(stable -> complete(latest, stable))
        .or(
            () ->
                RevisionHistory.toDelete(own, latest, inForce)
                    .map(old -> delete(latest, old, "newer revisions exist")))
        .orElseGet(Outcome::done);
  }

  private static PolicyRevision last(List<PolicyRevision> revisions) {
    return revisions.get(revisions.size() - 1);
  }

  private Outcome record(
      PolicyObject policy, PolicyRevision wanted, List<PolicyRevision> stored, int attempt) {
    Optional<PolicyRevision> taken =
        stored.stream().filter(r -> r.name().equals(wanted.name())).findFirst();
    if (taken.isPresent()) {
      return delete(policy, taken.get(), "another writer has changed it");
    }
    WriteResult result = writer.create(wanted.toCreate(policy.meta(), namespace));
    if (result instanceof WriteResult.Ok) {
      LOG.debug(
          "Generation {} recorded as ControllerRevision {}", wanted.generation(), wanted.name());
      return written(wanted.policy(), cached -> holds(cached, wanted));
    }
    // On the first attempt the cache may not yet hold the object that the last leader created.
    if (result instanceof WriteResult.Conflict && attempt > 1) {
      tell(
          policy,
          "taken",
          "ControllerRevision "
              + namespace
              + "/"
              + wanted.name()
              + " exists without the label "
              + Keys.REVISION_OF
              + ", so it does not belong to this controller. The last valid version of the policy"
              + " is not recorded until it is deleted.");
    }
    return failed(policy, result);
  }

  private Outcome complete(PolicyObject policy, PolicyRevision stable) {
    WriteResult result = writer.patch(stable.name(), PolicyRevision.toComplete());
    if (result instanceof WriteResult.Ok) {
      LOG.debug("ControllerRevision {} was completed", stable.name());
      return written(
          stable.policy(),
          cached ->
              cached.stream()
                  .filter(r -> r.name().equals(stable.name()))
                  .allMatch(r -> r.completion() == Completion.COMPLETED));
    }
    return failed(policy, result);
  }

  private Outcome delete(PolicyObject policy, PolicyRevision revision, String why) {
    WriteResult result = writer.delete(revision.name(), revision.uid());
    if (result instanceof WriteResult.Ok || result instanceof WriteResult.NotFound) {
      LOG.debug("ControllerRevision {} deleted: {}", revision.name(), why);
      return written(revision.policy(), cached -> !holds(cached, revision));
    }
    return failed(policy, result);
  }

  private static boolean holds(List<PolicyRevision> stored, PolicyRevision revision) {
    return stored.stream().anyMatch(r -> r.name().equals(revision.name()));
  }

  private Outcome written(String policy, Predicate<List<PolicyRevision>> shows) {
    written.put(policy, new Written(shows, time.nanos()));
    // The cache queues the policy when it holds the change.
    return Outcome.again(CACHE_GRACE);
  }

  /** How long to wait for the cache; zero when it holds our last write, or the time is over. */
  private Duration cacheBehind(String policy, List<PolicyRevision> stored) {
    Written last = written.get(policy);
    if (last == null || last.shows().test(stored)) {
      written.remove(policy);
      return Duration.ZERO;
    }
    return time.left(last.nanos(), CACHE_GRACE);
  }

  private Outcome failed(PolicyObject policy, WriteResult why) {
    if (why instanceof WriteResult.Rejected rejected) {
      tell(
          policy,
          "refused " + rejected.code(),
          "The API server refuses the ControllerRevision that keeps the last valid version of the"
              + " policy: "
              + rejected.reason());
    }
    LOG.debug("ControllerRevision not written: {}", why);
    return WriteFailure.of(why, afterFailures).outcome();
  }

  /** Once for each problem of one version: the used part of a quota changes with each try. */
  private void tell(PolicyObject policy, String problem, String sentence) {
    String news = policy.meta().uid() + "/" + policy.meta().generation() + " " + problem;
    if (!news.equals(reported.put(policy.name(), news))) {
      LOG.warn("{}", sentence);
      events.policy(QosEvent.Type.WRITE_REFUSED, policy.meta(), sentence);
    }
  }
}
