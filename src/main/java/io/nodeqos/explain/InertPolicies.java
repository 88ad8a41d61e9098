// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.answer.Explanation.Advice;
import io.nodeqos.explain.fleet.NodeFacts;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyCatalog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

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
    Set<String> inForce =
        facts.seen().policies().inForce().stream()
            .map(NodeQoSPolicy::name)
            .collect(Collectors.toSet());
    facts.policies().values().stream()
        .filter(entry -> !inForce.contains(entry.latest().name()))
        .sorted(Comparator.comparing((PolicyCatalog.Entry entry) -> entry.latest().name()))
        .forEach(
            entry -> {
              String name = entry.latest().name();
              boolean selects =
                  entry
                      .inForce()
                      .or(entry::dryRun)
                      .filter(p -> p.selects(facts.node()))
                      .isPresent();
              if (entry.inForce().isEmpty() && !entry.problems().isEmpty()) {
                invalid.add("policy " + name + " is invalid");
                advice.add(
                    Advice.command(
                        "correct policy " + name + ": " + String.join("; ", entry.problems()),
                        "kubectl edit nqp " + name));
              } else if (selects && entry.latest().meta().deleting()) {
                selecting.add("policy " + name + " did, but is being deleted");
                advice.add(
                    Advice.command(
                        "see the finalizers that policy " + name + " waits for",
                        "kubectl get nqp " + name + " -o jsonpath='{.metadata.finalizers}'"));
              } else if (selects && entry.dryRun().isPresent()) {
                selecting.add("policy " + name + " would, but is a dry run");
                advice.add(
                    Advice.command(
                        "put policy " + name + " into force",
                        "kubectl patch nqp "
                            + name
                            + " --type merge -p '{\"spec\":{\"dryRun\":false}}'"));
              } else if (selects) {
                selecting.add("policy " + name + " would, but no leader has set its finalizer yet");
                advice.add(Advice.command("see whether a replica leads", "nodeqos status"));
              }
            });
    return new InertPolicies(selecting, invalid, advice);
  }
}
