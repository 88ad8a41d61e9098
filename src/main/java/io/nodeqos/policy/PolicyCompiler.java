// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import io.nodeqos.policy.PolicySpec.Sections;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Merges the policies that select a node, section by section. */
final class PolicyCompiler {
  private PolicyCompiler() {}

  /**
   * @param matching in order of precedence
   */
  static CompiledConfig compile(List<NodeQoSPolicy> matching) {
    Map<String, String> sources = new TreeMap<>();
    Optional<NodeQoSPolicy> reservation = winner(matching, Sections::reservation);
    Optional<NodeQoSPolicy> quota = winner(matching, Sections::quota);
    Optional<NodeQoSPolicy> images = winner(matching, Sections::images);
    Optional<NodeQoSPolicy> warmUp = winner(matching, Sections::warmUp);
    reservation.ifPresent(p -> sources.put(CompiledConfig.RESERVATION, p.name()));
    quota.ifPresent(p -> sources.put(CompiledConfig.QUOTA, p.name()));
    images.ifPresent(p -> sources.put(CompiledConfig.IMAGES, p.name()));
    warmUp.ifPresent(p -> sources.put(CompiledConfig.WARM_UP, p.name()));
    Sections sections =
        new Sections(
            reservation.flatMap(p -> p.spec().sections().reservation()),
            quota.flatMap(p -> p.spec().sections().quota()),
            images.flatMap(p -> p.spec().sections().images()),
            warmUp.flatMap(p -> p.spec().sections().warmUp()));
    Map<String, String> digests = ConfigVersion.digests(sections);
    return new CompiledConfig(
        ConfigVersion.of(digests),
        sections,
        Map.copyOf(sources),
        matching.stream().map(NodeQoSPolicy::name).toList(),
        matching.stream()
            .filter(p -> p.spec().suspend() && sources.containsValue(p.name()))
            .map(NodeQoSPolicy::name)
            .findFirst(),
        warmUp.map(p -> p.meta().createdAt()).orElse(Instant.EPOCH),
        matching.stream()
            .flatMap(p -> p.taintKeys().stream())
            .collect(Collectors.toUnmodifiableSet()),
        new CompiledConfig.Record(
            Map.copyOf(digests),
            Map.of(),
            warmUp.map(p -> p.spec().deletionPolicy() == DeletionPolicy.REMOVE).orElse(false)));
  }

  private static Optional<NodeQoSPolicy> winner(
      List<NodeQoSPolicy> matching, Function<Sections, Optional<?>> section) {
    return matching.stream()
        .filter(p -> section.apply(p.spec().sections()).isPresent())
        .findFirst();
  }
}
