// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import io.nodeqos.policy.spec.ConfigVersion;
import io.nodeqos.policy.spec.DeletionPolicy;
import io.nodeqos.policy.spec.PolicySpec.Sections;
import io.nodeqos.policy.spec.Section;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Merges the policies that select a node, section by section. */
final class PolicyCompiler {
  private PolicyCompiler() {}

  /**
   * @param matching in order of precedence
   */
  static CompiledConfig compile(List<NodeQoSPolicy> matching) {
    Map<Section, NodeQoSPolicy> winners = new EnumMap<>(Section.class);
    matching.forEach(
        policy ->
            policy
                .spec()
                .sections()
                .values()
                .keySet()
                .forEach(section -> winners.putIfAbsent(section, policy)));
    Map<Section, String> sources = new EnumMap<>(Section.class);
    Map<Section, Object> values = new EnumMap<>(Section.class);
    winners.forEach(
        (section, policy) -> {
          sources.put(section, policy.name());
          values.put(section, policy.spec().sections().values().get(section));
        });
    Optional<NodeQoSPolicy> warmUp = Optional.ofNullable(winners.get(Section.WARM_UP));
    Sections sections = new Sections(values);
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
        new CompiledConfig.NodeRecord(
            Map.copyOf(digests),
            Map.of(),
            warmUp.map(p -> p.spec().deletionPolicy() == DeletionPolicy.REMOVE).orElse(false)),
        CompiledConfig.Revisions.NONE);
  }
}
