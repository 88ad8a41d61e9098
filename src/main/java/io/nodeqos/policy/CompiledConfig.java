// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import io.nodeqos.policy.spec.ConfigVersion;
import io.nodeqos.policy.spec.PolicySpec.Sections;
import io.nodeqos.policy.spec.Section;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The combined configuration of the policies that select a node: each section comes whole from the
 * policy with the highest precedence that sets it. The same object serves all nodes with the same
 * winners.
 *
 * @param version ten hex digits of a SHA-256 over the winning configuration sections, and over
 *     those of plug-ins once they are known; empty when there is none. The section warmUp does not
 *     count: it is for this controller alone, and a changed gate must not look like a new
 *     configuration to node agents
 * @param sources section to the name of its policy, for the sections that are set
 * @param matching names of all policies that select the node, by precedence
 * @param suspendedBy a suspended policy among the sources: the node is frozen
 * @param warmUpSince creation of the policy of the section warmUp
 * @param startupTaints keys of the startup taints of all policies that select the node, now and in
 *     earlier versions: the policy that warms the node up removes them
 * @param recorded the record about it on the node, besides the values
 * @param revisions the revisions that it was compiled from
 */
public record CompiledConfig(
    String version,
    Sections sections,
    Map<Section, String> sources,
    List<String> matching,
    Optional<String> suspendedBy,
    Instant warmUpSince,
    Set<String> startupTaints,
    NodeRecord recorded,
    Revisions revisions) {
  /** No policy selects the node. */
  public static final CompiledConfig NONE =
      new CompiledConfig(
          "",
          Sections.NONE,
          Map.of(),
          List.of(),
          Optional.empty(),
          Instant.EPOCH,
          Set.of(),
          new NodeRecord(Map.of(), Map.of(), false),
          Revisions.NONE);

  /**
   * The revisions of the policies that the node follows.
   *
   * @param recorded policy to revision, to be recorded on the node: those that differ from the
   *     stable one, and those that are recorded there and still followed
   * @param outdated names of the policies of which the node does not follow the version in force
   */
  public record Revisions(Map<String, String> recorded, Set<String> outdated) {
    public static final Revisions NONE = new Revisions(Map.of(), Set.of());

    public Revisions {
      recorded = Map.copyOf(recorded);
      outdated = Set.copyOf(outdated);
    }
  }

  /** The same for a node that follows these revisions. */
  public CompiledConfig following(Revisions followed) {
    return followed.equals(revisions)
        ? this
        : new CompiledConfig(
            version,
            sections,
            sources,
            matching,
            suspendedBy,
            warmUpSince,
            startupTaints,
            recorded,
            followed);
  }

  /**
   * The record for later decisions on the node.
   *
   * @param digests field of a configuration section to the digest of that section in its policy or
   *     plug-in
   * @param retained section to its values as last written, for sections of policies that are gone
   * @param namesWarmUp the node names the policy that warms it up even without configuration,
   *     because that policy removes its marks when it is deleted
   */
  public record NodeRecord(
      Map<String, String> digests, Map<Section, Object> retained, boolean namesWarmUp) {}

  /** The same with retained sections of policies that are gone. */
  public CompiledConfig withRetained(
      Map<Section, RecordedConfig.RecordedSection> retainedSections) {
    if (retainedSections.isEmpty()) {
      return this;
    }
    Map<Section, String> allSources = new EnumMap<>(Section.class);
    allSources.putAll(sources);
    Map<String, String> digests = new TreeMap<>(recorded.digests());
    Map<Section, Object> values = new EnumMap<>(Section.class);
    retainedSections.forEach(
        (section, recorded) -> {
          allSources.put(section, recorded.policy());
          recorded.values().ifPresent(v -> values.put(section, v));
          recorded.values().ifPresent(v -> digests.put(section.field(), recorded.digest()));
        });
    return new CompiledConfig(
        ConfigVersion.of(digests),
        sections,
        Map.copyOf(allSources),
        matching,
        suspendedBy,
        warmUpSince,
        startupTaints,
        new NodeRecord(
            Map.copyOf(digests),
            Map.copyOf(values),
            recorded.namesWarmUp() || retainedSections.containsKey(Section.WARM_UP)),
        revisions);
  }

  /**
   * The same with sections of plug-ins on the node: they count in its version.
   *
   * @param digests section to digest, see {@link ConfigAnnotation#pluginDigests}
   */
  public CompiledConfig withPluginSections(Map<String, String> digests) {
    if (digests.isEmpty()) {
      return this;
    }
    Map<String, String> all = new TreeMap<>(recorded.digests());
    all.putAll(digests);
    return new CompiledConfig(
        ConfigVersion.of(all),
        sections,
        sources,
        matching,
        suspendedBy,
        warmUpSince,
        startupTaints,
        new NodeRecord(Map.copyOf(all), recorded.retained(), recorded.namesWarmUp()),
        revisions);
  }

  /** True for a retained section of a policy that is gone. */
  public boolean keeps(Section section) {
    return recorded.retained().containsKey(section);
  }

  /** Field of each set section to its policy, in order, as published on the node. */
  public SortedMap<String, String> sourcesByField() {
    SortedMap<String, String> published = new TreeMap<>();
    sources.forEach((section, policy) -> published.put(section.field(), policy));
    return published;
  }

  /** True when the node gets the configuration annotation. */
  public boolean isRecorded() {
    return hasConfig() || recorded.namesWarmUp() || !revisions.recorded().isEmpty();
  }

  public boolean isManaged() {
    return !sources.isEmpty();
  }

  /** Names of the policies that contribute a section, by precedence. */
  public List<String> contributing() {
    return matching.stream().filter(sources::containsValue).toList();
  }

  public boolean hasConfig() {
    return !version.isEmpty();
  }
}
