// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import io.nodeqos.node.StartupTaintPrefixes;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The stored revisions by policy. Not thread-safe: the catalog's lock guards it. */
final class PolicyRevisions {
  private final Map<String, Map<String, PolicyRevision>> byPolicy = new HashMap<>();
  private final StartupTaintPrefixes taints;

  PolicyRevisions(StartupTaintPrefixes taints) {
    this.taints = taints;
  }

  void put(PolicyRevision revision) {
    byPolicy
        .computeIfAbsent(revision.policy(), policy -> new HashMap<>())
        .put(revision.name(), revision);
  }

  void remove(PolicyRevision revision) {
    byPolicy.computeIfPresent(
        revision.policy(),
        (policy, all) -> {
          all.remove(revision.name());
          return all.isEmpty() ? null : all;
        });
  }

  /** The oldest first. */
  List<PolicyRevision> of(String policy) {
    return byPolicy.getOrDefault(policy, Map.of()).values().stream()
        .sorted(Comparator.comparingLong(PolicyRevision::generation))
        .toList();
  }

  /** The last valid version of this policy up to the present one. */
  Optional<PolicyRevision> newest(PolicyObject.Meta policy) {
    return own(policy).max(Comparator.comparingLong(PolicyRevision::generation));
  }

  /** Keys of the startup taints that the versions of this policy name. */
  Set<String> taintKeys(PolicyObject.Meta policy) {
    return own(policy)
        .flatMap(r -> TaintKeys.in(r.spec(), taints).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The intact versions of this policy up to the present one, the newest first. */
  List<PolicyRevision> newestFirst(PolicyObject.Meta policy) {
    return own(policy)
        .sorted(Comparator.comparingLong(PolicyRevision::generation).reversed())
        .toList();
  }

  private Stream<PolicyRevision> own(PolicyObject.Meta policy) {
    return byPolicy.getOrDefault(policy.name(), Map.of()).values().stream()
        .filter(r -> r.isIntact() && r.policyUid().equals(policy.uid()))
        .filter(r -> r.generation() <= policy.generation());
  }
}
