// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.Explanation.Advice;
import io.nodeqos.policy.PolicyCatalog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Policies that are not in force, and could be meant for a node.
 *
 * @param selecting a clause for each that would select the node
 * @param invalid a clause for each that is invalid: the nodes that it would select are not known
 * @param advice the way to put each into force
 */
record InertPolicies(List<String> selecting, List<String> invalid, List<Advice> advice) {
  static InertPolicies of(NodeFacts facts) {
    List<String> selecting = new ArrayList<>();
    List<String> invalid = new ArrayList<>();
    List<Advice> advice = new ArrayList<>();
    facts.policies().values().stream()
        .filter(entry -> entry.inForce().isEmpty() && !entry.latest().meta().deleting())
        .sorted(Comparator.comparing((PolicyCatalog.Entry entry) -> entry.latest().name()))
        .forEach(
            entry -> {
              String name = entry.latest().name();
              if (!entry.problems().isEmpty()) {
                invalid.add("policy " + name + " is invalid");
                advice.add(
                    Advice.command(
                        "correct policy " + name + ": " + String.join("; ", entry.problems()),
                        "kubectl edit nqp " + name));
              } else if (entry.dryRun().filter(p -> p.selects(facts.node())).isPresent()) {
                selecting.add("policy " + name + " would, but is a dry run");
                advice.add(
                    Advice.command(
                        "put policy " + name + " into force",
                        "kubectl patch nqp "
                            + name
                            + " --type merge -p '{\"spec\":{\"dryRun\":false}}'"));
              }
            });
    return new InertPolicies(selecting, invalid, advice);
  }
}
