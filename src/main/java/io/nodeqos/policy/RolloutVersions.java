// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import com.google.gson.JsonObject;
import io.nodeqos.node.value.LabelSelector;
import io.nodeqos.node.value.Requirement;
import io.nodeqos.node.value.Requirement.Operator;
import io.nodeqos.policy.PolicyDecoder.Decoded;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutPhase;
import io.nodeqos.policy.rollout.RolloutSpec;
import io.nodeqos.policy.rollout.RolloutSpec.NewNodes;
import io.nodeqos.policy.rollout.RolloutState;
import io.nodeqos.policy.rollout.RolloutState.Revisions;
import io.nodeqos.policy.spec.PolicySpec.Sections;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the revisions of a rollout from the status of its policy and the stored versions. Not
 * thread-safe: the catalog's lock guards it.
 */
final class RolloutVersions {
  private static final LabelSelector NOTHING =
      new LabelSelector(Map.of(), List.of(new Requirement("a", Operator.IN, List.of())));

  private final PolicyDecoder decoder;
  private final PolicyRevisions stored;

  RolloutVersions(PolicyDecoder decoder, PolicyRevisions stored) {
    this.decoder = decoder;
    this.stored = stored;
  }

  /**
   * The stable revision and the target. Without a record in the status the stored versions decide:
   * another writer may have removed it, or an earlier version of this controller has written the
   * status. The newest that says that it was completed is the stable one. That of an earlier
   * version of this controller says nothing: then the newest before the present one counts.
   */
  Revisions revisions(PolicyObject latest, NodeQoSPolicy inForce) {
    Optional<Revisions> recorded = RolloutJson.in(latest.status()).map(RolloutState::revisions);
    if (recorded.isPresent()) {
      return new Revisions(
          recorded.get().stable(), recorded.get().stableGeneration(), inForce.revision());
    }
    List<PolicyRevision> versions = stored.newestFirst(inForce.meta());
    long observed = observedGeneration(latest);
    return completed(versions)
        .or(() -> before(versions, inForce.meta().generation(), observed))
        .map(r -> new Revisions(r.revision(), r.generation(), inForce.revision()))
        .orElseGet(
            () ->
                observed == 0 || wasDryRun(latest) || isPending(versions, observed)
                    ? new Revisions(PolicyVersions.NONE, 0, inForce.revision())
                    : new Revisions(
                        inForce.revision(), inForce.meta().generation(), inForce.revision()));
  }

  private static Optional<PolicyRevision> completed(List<PolicyRevision> newestFirst) {
    return newestFirst.stream().filter(r -> r.completion() == Completion.COMPLETED).findFirst();
  }

  private static Optional<PolicyRevision> before(
      List<PolicyRevision> newestFirst, long generation, long observed) {
    return newestFirst.stream()
        .filter(r -> r.completion() == Completion.UNKNOWN)
        .filter(r -> r.generation() < generation)
        .filter(r -> observed == 0 || r.generation() <= observed)
        .findFirst();
  }

  private static boolean isPending(List<PolicyRevision> newestFirst, long observed) {
    return newestFirst.stream()
        .filter(r -> r.generation() <= observed)
        .anyMatch(r -> r.completion() == Completion.PENDING);
  }

  /** The versions that nodes follow; empty when all of them follow the version in force. */
  Optional<PolicyVersions> of(PolicyObject latest, NodeQoSPolicy inForce) {
    if (inForce.spec().rollout().isEmpty()) {
      return Optional.empty();
    }
    Revisions revisions = revisions(latest, inForce);
    Map<String, NodeQoSPolicy> others = new HashMap<>();
    Optional<LabelSelector> selector = Optional.empty();
    for (PolicyRevision version : stored.newestFirst(inForce.meta())) {
      String revision = version.revision();
      Optional<NodeQoSPolicy> decoded = version(latest, version);
      decoded
          .filter(v -> !revision.equals(inForce.revision()))
          .ifPresent(
              v -> others.putIfAbsent(revision, inForce.with(v.spec().sections(), revision)));
      if (selector.isEmpty()
          && revision.equals(revisions.stable())
          && version.generation() <= revisions.stableGeneration()) {
        selector = decoded.map(v -> v.spec().nodeSelector());
      }
    }
    if (revisions.stable().equals(PolicyVersions.NONE)) {
      selector = Optional.of(NOTHING);
    }
    LabelSelector stableSelector = selector.orElse(inForce.spec().nodeSelector());
    if (revisions.stable().equals(inForce.revision())
        && stableSelector.equals(inForce.spec().nodeSelector())) {
      return Optional.empty();
    }
    others.put(PolicyVersions.NONE, inForce.with(Sections.NONE, PolicyVersions.NONE));
    return Optional.of(
        new PolicyVersions(
            inForce,
            others,
            revisions.stable(),
            stableSelector,
            joining(latest, inForce, inForce.spec().rollout().get())));
  }

  private Optional<NodeQoSPolicy> version(PolicyObject latest, PolicyRevision version) {
    return decoder.decode(latest.asOf(version)) instanceof Decoded.Valid valid
        ? Optional.of(valid.policy())
        : Optional.empty();
  }

  private static Optional<Instant> joining(
      PolicyObject latest, NodeQoSPolicy inForce, RolloutSpec rollout) {
    return rollout.newNodes() == NewNodes.STABLE
        ? Optional.empty()
        : RolloutJson.in(latest.status())
            .filter(s -> s.revisions().target().equals(inForce.revision()))
            .filter(s -> s.phase().isUnderWay() && s.phase() != RolloutPhase.ROLLING_BACK)
            .map(s -> s.progress().startedAt());
  }

  /** No node has followed it: the result of a dry run stays until the status says otherwise. */
  private static boolean wasDryRun(PolicyObject policy) {
    return policy.status().get("dryRun") instanceof JsonObject;
  }

  private static long observedGeneration(PolicyObject policy) {
    try {
      return policy.status().has("observedGeneration")
          ? policy.status().get("observedGeneration").getAsLong()
          : 0;
    } catch (NumberFormatException | UnsupportedOperationException | IllegalStateException bad) {
      return 0;
    }
  }
}
