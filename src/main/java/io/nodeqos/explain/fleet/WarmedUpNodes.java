// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain.fleet;

import io.nodeqos.explain.fleet.Fleet.Member;
import io.nodeqos.policy.PolicySnapshot;
import io.nodeqos.policy.spec.Section;
import java.util.List;
import java.util.stream.Stream;

/** The nodes that one policy warms up. Each call passes over all nodes. */
public final class WarmedUpNodes {
  private final Fleet fleet;
  private final PolicySnapshot policies;
  private final String policy;

  /**
   * @param policy the policy, empty for none
   */
  public WarmedUpNodes(Fleet fleet, PolicySnapshot policies, String policy) {
    this.fleet = fleet;
    this.policies = policies;
    this.policy = policy;
  }

  public Stream<Member> members() {
    return fleet.members().filter(this::isWarmedUp);
  }

  /** A policy among several may give another section alone. */
  private boolean isWarmedUp(Member member) {
    List<String> sources = member.decided().sources();
    return sources.contains(policy)
        && (sources.size() == 1
            || policy.equals(policies.compile(member.node()).sources().get(Section.WARM_UP)));
  }
}
