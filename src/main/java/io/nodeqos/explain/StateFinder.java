// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import io.nodeqos.explain.answer.Explanation;
import io.nodeqos.explain.answer.Explanation.Advice;
import io.nodeqos.explain.fleet.NodeFacts;
import io.nodeqos.node.Reason;
import io.nodeqos.node.plan.Freeze;
import io.nodeqos.node.plan.NodePlan.Summary;
import io.nodeqos.policy.NodeQoSPolicy;
import io.nodeqos.policy.PolicyCatalog;
import io.nodeqos.reconcile.plan.ConfigSyncer;
import io.nodeqos.reconcile.policies.PolicyReconciler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Explains nodes that no gate keeps from becoming warm. */
final class StateFinder {
  private static final int MAX_POLICIES = 3;
  private static final String NO_POLICY = "NoPolicy";

  private final NodeFacts facts;
  private final String node;

  StateFinder(NodeFacts facts) {
    this.facts = facts;
    this.node = facts.node().name();
  }

  Finding frozen(Freeze freeze) {
    String policy = freeze.policy();
    Optional<PolicyCatalog.Entry> entry = Optional.ofNullable(facts.policies().get(policy));
    return switch (freeze.cause()) {
      case SUSPENDED ->
          isSuspended(entry)
              ? suspended(freeze, entry)
              : Finding.of(
                  "RevisionUnknown",
                  "the stored version of policy "
                      + policy
                      + " that it follows is missing, so the controller changes nothing on it",
                  Advice.command(
                      "see the stored versions", "kubectl nodeqos rollout history " + policy),
                  Advice.command("see the rollout", "kubectl nodeqos rollout status " + policy));
      case INVALID ->
          Finding.of(
              freeze.cause().code(),
              "policy "
                  + policy
                  + " is invalid and no valid version of it is known"
                  + entry.map(e -> ": " + String.join("; ", e.problems())).orElse(""),
              Advice.command("correct the policy", "kubectl describe nqp " + policy));
      case DELETING ->
          Finding.of(
              freeze.cause().code(),
              "the node is being deleted, so the controller changes nothing on it",
              Advice.command(
                  "see which finalizers it waits for",
                  "kubectl get node " + node + " -o jsonpath='{.metadata.finalizers}'"));
    };
  }

  private static boolean isSuspended(Optional<PolicyCatalog.Entry> entry) {
    return entry
        .flatMap(PolicyCatalog.Entry::inForce)
        .filter(policy -> !policy.spec().suspend())
        .isEmpty();
  }

  private static Finding suspended(Freeze freeze, Optional<PolicyCatalog.Entry> entry) {
    String policy = freeze.policy();
    return Finding.of(
        freeze.cause().code(),
        "policy "
            + policy
            + " is suspended"
            + entry
                .flatMap(e -> PolicyReconciler.suspendedSince(e.latest()))
                .map(since -> " since " + since)
                .orElse("")
            + ", so the controller changes nothing on the node",
        Advice.command(
            "end the suspension for all nodes of the policy",
            "kubectl patch nqp " + policy + " --type merge -p '{\"spec\":{\"suspend\":false}}'"));
  }

  /** No policy selects it. */
  Finding unmanaged() {
    List<NodeQoSPolicy> all = facts.seen().policies().inForce();
    InertPolicies inert = InertPolicies.of(facts);
    if (!inert.selecting().isEmpty()) {
      return Finding.of(NO_POLICY, "no policy in force selects it: " + inert.selecting().get(0))
          .and(inert.advice());
    }
    if (all.isEmpty()) {
      return Finding.of(
              NO_POLICY,
              facts.policies().isEmpty()
                  ? "no policy selects it, because the cluster has no NodeQoSPolicy"
                  : "no policy selects it, because no NodeQoSPolicy is in force",
              Advice.command("see the policies, invalid ones included", "kubectl get nqp -o wide"))
          .and(inert.advice())
          .and(Advice.text("or create the first one: README.md#the-first-policy"));
    }
    List<Advice> advice = new ArrayList<>();
    advice.add(
        Advice.command(
            "change the labels of the node, or the nodeSelector of a policy; the labels are",
            "kubectl get node " + node + " --show-labels"));
    advice.addAll(misses(all));
    return new Finding(
            new Explanation.Diagnosis(
                NO_POLICY,
                (all.size() == 1
                        ? "no policy selects it: " + miss(all.get(0))
                        : "none of the " + all.size() + " policies selects it" + sharedKey(all))
                    + inert.invalid().stream().map(", and "::concat).collect(Collectors.joining())),
            List.of(),
            advice)
        .and(inert.advice());
  }

  /** A policy configures it, but none has a section warmUp for it. */
  Finding notWarmedUp() {
    List<String> matching = facts.config().matching();
    if (matching.isEmpty()) {
      return unmanaged();
    }
    List<NodeQoSPolicy> warming =
        facts.seen().policies().inForce().stream()
            .filter(p -> p.spec().sections().warmUp().isPresent())
            .toList();
    Finding finding =
        Finding.of(
            "NoWarmUp",
            "no policy warms it up: "
                + String.join(", ", matching)
                + (matching.size() == 1 ? " selects" : " select")
                + " it, without a section warmUp",
            Advice.command(
                "add the section warmUp to a policy that selects it",
                "kubectl edit nqp " + String.join(" ", matching)));
    return finding.and(misses(warming)).and(InertPolicies.of(facts).advice());
  }

  /** The one label that keeps the node out of all policies, as a clause. */
  private String sharedKey(List<NodeQoSPolicy> policies) {
    Map<String, String> labels = facts.node().labels();
    Set<String> keys =
        policies.stream()
            .map(p -> SelectorMismatch.key(p.spec().nodeSelector(), labels))
            .collect(Collectors.toSet());
    if (keys.size() != 1) {
      return "";
    }
    String key = keys.iterator().next();
    return labels.containsKey(key)
        ? ": its label is " + key + "=" + labels.get(key) + ", and each selects another value"
        : ": each selects by the label " + key + ", which it does not have";
  }

  /** Versions of policies that are not in force, and would be without a mistake. */
  List<Advice> unreadVersions() {
    return facts.config().matching().stream()
        .flatMap(name -> Optional.ofNullable(facts.policies().get(name)).stream())
        .filter(entry -> !entry.problems().isEmpty())
        .map(
            entry ->
                Advice.command(
                    "correct policy "
                        + entry.latest().name()
                        + ", of which an earlier version is in force: "
                        + String.join("; ", entry.problems()),
                    "kubectl edit nqp " + entry.latest().name()))
        .toList();
  }

  private List<Advice> misses(List<NodeQoSPolicy> policies) {
    return policies.stream().limit(MAX_POLICIES).map(p -> Advice.text(miss(p))).toList();
  }

  private String miss(NodeQoSPolicy policy) {
    return "policy "
        + policy.name()
        + " "
        + SelectorMismatch.clause(policy.spec().nodeSelector(), facts.node().labels());
  }

  /** A startup taint that stays for ever on a warm node. */
  Optional<Finding> orphanTaint() {
    return facts.decided().summary().orphanTaints().stream()
        .findFirst()
        .map(
            taint ->
                Finding.of(
                    "OrphanStartupTaint",
                    "but the startup taint "
                        + taint
                        + " keeps tenants off, and no policy removes it"
                        + facts
                            .config()
                            .sections()
                            .warmUp()
                            .map(w -> ": the taintKey of its policy is " + w.taintKey())
                            .orElse(""),
                    Advice.command("remove it", "kubectl taint node " + node + " " + taint + "-")));
  }

  Finding noCapacity() {
    boolean hasReported = facts.node().condition("Ready").isPresent();
    return Finding.of(
        Reason.NO_CAPACITY.code(),
        hasReported
            ? "its kubelet reports no CPU or no memory, so nothing can be reserved on it"
            : "its kubelet has reported nothing yet, neither Ready nor CPU and memory",
        Advice.command(
            "see what the kubelet reports",
            "kubectl get node "
                + node
                + " -o jsonpath="
                + (hasReported ? "'{.status.capacity}'" : "'{.status}'")),
        Advice.text("look at the kubelet's log on the machine: journalctl -u kubelet"),
        Advice.command(
            "a Node that was made by hand and has no kubelet can go",
            "kubectl delete node " + node));
  }

  Finding refused(String problem) {
    return Finding.of(
        Reason.WRITE_REFUSED.code(),
        "the API server refuses the controller's update of the node: " + problem,
        problem.contains(" cannot patch resource ")
            ? Advice.command(
                "give the controller its rights back, from the files of its version",
                "kubectl apply -f manifests/base/rbac.yaml")
            : Advice.command(
                "look for the admission policy or webhook in that message",
                "kubectl get validatingadmissionpolicies,validatingwebhookconfigurations,"
                    + "mutatingwebhookconfigurations"));
  }

  Finding notConfigured(Summary said) {
    return Finding.of(
        Reason.NOT_CONFIGURED.code(),
        clause(said.message()),
        said.message().endsWith(ConfigSyncer.NO_ANSWER + ".")
            ? Advice.command(
                "see the last error of that plug-in under workers", "nodeqos snapshot -o yaml")
            : Advice.command(
                "correct the policy", "kubectl describe nqp " + String.join(" ", said.sources())));
  }

  /** All gates are open. */
  Finding stabilizing(Summary said) {
    return Finding.of(
        Reason.STABILIZING.code(),
        clause(said.message()),
        Advice.command("wait", "nodeqos explain " + node + " --watch"));
  }

  /** Its gates are open, and yet it has no mark. */
  Finding unmarked() {
    return Finding.of(
        "NotMarked",
        "all of its gates are open, but no leader has marked it yet",
        Advice.command("see whether a replica leads", "nodeqos status"));
  }

  Finding warm(Summary said) {
    return Finding.of(Reason.WARMED_UP.code(), clause(said.message()));
  }

  /** Any other decision, in its own words. */
  Finding other(Summary said) {
    return Finding.of(
        said.reason(),
        said.message().isEmpty() ? "no decision about it is known yet" : clause(said.message()),
        Advice.command("see the node's Events", "kubectl describe node " + node));
  }

  /** A sentence as a part of another one. */
  static String clause(String sentence) {
    String end = sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    return end.isEmpty() || end.startsWith("CSI")
        ? end
        : Character.toLowerCase(end.charAt(0)) + end.substring(1);
  }
}
