// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import io.nodeqos.policy.PolicySpec.Sections;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the policies that select a node make of it together: each section whole from the policy with
 * the highest precedence that sets it. The same object serves all nodes with the same winners.
 *
 * @param version ten hex digits of the SHA-256 of the winning configuration sections; empty when
 *     none of reservation, quota and images is set. The section warmUp does not count: it is for
 *     this controller alone, and a changed gate must not look like a new configuration to node
 *     agents
 * @param sources section to the name of the policy it came from, for the sections that are set
 * @param matching names of all policies that select the node, by precedence
 * @param suspendedBy a suspended policy among the sources: the node is frozen
 * @param warmUpSince creation of the policy that the section warmUp came from
 */
public record CompiledConfig(
    String version,
    Sections sections,
    Map<String, String> sources,
    List<String> matching,
    Optional<String> suspendedBy,
    Instant warmUpSince) {
  public static final String RESERVATION = "reservation";
  public static final String QUOTA = "quota";
  public static final String IMAGES = "images";
  public static final String WARM_UP = "warmUp";

  /** No policy selects the node. */
  public static final CompiledConfig NONE =
      new CompiledConfig("", Sections.NONE, Map.of(), List.of(), Optional.empty(), Instant.EPOCH);

  public boolean isManaged() {
    return !sources.isEmpty();
  }

  /** Names of the policies that a section came from, by precedence. */
  public List<String> contributing() {
    return matching.stream().filter(sources::containsValue).toList();
  }

  public boolean hasConfig() {
    return !version.isEmpty();
  }
}
