// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.reconcile.plan;

import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.SpinnerKey;
import io.nodeqos.node.plan.MetadataChange;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.plan.NodePlan.PlannedTransition;
import io.nodeqos.node.plan.StatusChange;
import io.nodeqos.node.value.Taint;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.policy.PolicyRemovals;
import io.nodeqos.policy.RecordedConfig;
import io.nodeqos.policy.RecordedConfig.RecordedSection;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.policy.spec.WarmUp;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * State that a node carries from policies that no longer set it, and the decision to keep or remove
 * it. It is removed only on the evidence of a present policy with Remove; everything else stays. A
 * pure function of the node and the policies, so that a plan that failed is decided again.
 *
 * @param managed present policies contribute a section
 * @param retained sections that stay as last written
 * @param leaving policies that remove their state from the node
 * @param resources a section is removed, and with it the extended resources that no worker
 *     contributes any more: those of its quota, or of a plug-in that reacted to it
 * @param marks no policy warms the node up any more, and the policy that did removes the marks
 * @param taints keys of the startup taints to remove
 * @param images the label for pulling images is removed
 * @param withdrawn policies whose revision on the node is taken back, so that the node no longer
 *     follows the revision that it carries
 * @param moved the node does not record yet that it follows these revisions: it was moved to them,
 *     and the rollout waits for the record also where the revision sets nothing
 */
public record NodeCleanup(
    boolean managed,
    Map<Section, RecordedSection> retained,
    List<String> leaving,
    boolean resources,
    boolean marks,
    Set<String> taints,
    boolean images,
    List<String> withdrawn,
    boolean moved) {
  public static NodeCleanup of(NodeView node, CompiledConfig live, PolicyRemovals removals) {
    Map<Section, RecordedSection> recorded =
        RecordedConfig.of(node.annotations().get(Keys.CONFIG)).sections();
    Map<Section, RecordedSection> retained = new EnumMap<>(Section.class);
    Set<Section> taken = EnumSet.noneOf(Section.class);
    Set<String> leaving = new TreeSet<>();
    recorded.forEach(
        (name, section) -> {
          boolean isSet = live.sources().containsKey(name);
          String policy = section.policy();
          if (removals.cleansUp(policy, node)
              || (!isSet && removals.selects(policy, node) && removals.removes(policy))) {
            leaving.add(policy);
            taken.add(name);
          } else if (!isSet && !removals.selects(policy, node)) {
            retained.put(name, section);
          }
        });
    // A policy whose revision sets nothing is named by the record of that revision alone.
    ConfigAnnotation.revisions(node.annotations().get(Keys.CONFIG)).keySet().stream()
        .filter(policy -> removals.cleansUp(policy, node))
        .forEach(leaving::add);
    Optional<WarmUp> warmUp = live.sections().warmUp();
    Optional<String> warmedUpBy =
        recorded.containsKey(Section.WARM_UP)
            ? Optional.of(recorded.get(Section.WARM_UP).policy()).filter(leaving::contains)
            : removals.warmedUpBy(node).filter(p -> carriesOf(removals.taintKeys(p), node, warmUp));
    warmedUpBy.ifPresent(leaving::add);
    boolean images =
        Optional.ofNullable(node.labels().get(Keys.IMAGES))
            .map(label -> SpinnerKey.of(label).policy())
            .filter(policy -> removals.cleansUp(policy, node))
            .map(leaving::add)
            .isPresent();
    return new NodeCleanup(
        live.isManaged(),
        retained,
        List.copyOf(leaving),
        !taken.isEmpty(),
        warmedUpBy.isPresent() && warmUp.isEmpty(),
        warmedUpBy.map(policy -> onNode(removals.taintKeys(policy), node, warmUp)).orElse(Set.of()),
        images,
        withdrawn(node, live),
        isMoved(node, live));
  }

  private static boolean isMoved(NodeView node, CompiledConfig live) {
    Map<String, String> followed = live.revisions().recorded();
    return !followed.isEmpty()
        && !ConfigAnnotation.revisions(node.annotations().get(Keys.CONFIG))
            .entrySet()
            .containsAll(followed.entrySet());
  }

  private static List<String> withdrawn(NodeView node, CompiledConfig live) {
    CompiledConfig.Revisions followed = live.revisions();
    return ConfigAnnotation.revisions(node.annotations().get(Keys.CONFIG)).keySet().stream()
        .filter(policy -> followed.outdated().contains(policy))
        .filter(policy -> !followed.recorded().containsKey(policy))
        .sorted()
        .toList();
  }

  /**
   * True when the node carries warm-up state that can be removed although the node does not name
   * its policy. If another policy warms the node up, the marks belong to that policy: if they
   * counted, the cleaning would never end.
   */
  private static boolean carriesOf(Set<String> taintKeys, NodeView node, Optional<WarmUp> warmUp) {
    boolean isTainted = !onNode(taintKeys, node, warmUp).isEmpty();
    if (warmUp.isPresent()) {
      return isTainted;
    }
    return isTainted
        || node.labels().containsKey(Keys.WARMED_UP)
        || node.condition(Keys.WARMED_UP_CONDITION).isPresent();
  }

  /** The keys that the node carries, without the key of the policy that warms it up now. */
  private static Set<String> onNode(Set<String> keys, NodeView node, Optional<WarmUp> warmUp) {
    return node.taints().stream()
        .map(Taint::key)
        .filter(keys::contains)
        .filter(key -> warmUp.filter(w -> w.taintKey().equals(key)).isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** No policy manages the node, and there is nothing to remove. */
  boolean isIdle() {
    return !managed && !moved && leaving.isEmpty() && withdrawn.isEmpty();
  }

  String sentence() {
    if (!leaving.isEmpty()) {
      return "Everything from policy " + String.join(", ", leaving) + " is removed from the node.";
    }
    return withdrawn.isEmpty()
        ? "No policy sets anything for the node."
        : "The configuration from policy "
            + String.join(", ", withdrawn)
            + " is removed from the node: its rollout was taken back.";
  }

  /** The plan with all removals; it names only keys that are on the node. */
  NodePlan applyTo(NodePlan plan, NodeView node) {
    if (leaving.isEmpty()) {
      return plan;
    }
    List<PlannedTransition> transitions = new ArrayList<>(plan.transitions());
    if (marks && node.labels().containsKey(Keys.WARMED_UP)) {
      transitions.add(PlannedTransition.MARKS_REMOVED);
    }
    return plan.withBase(metadata(plan.base(), node))
        .withStatus(status(plan.status(), node))
        .withTransitions(transitions);
  }

  private MetadataChange metadata(MetadataChange change, NodeView node) {
    MetadataChange all = change.plus(removal(node)).withTaints(taints(change, node));
    if (managed || !retained.isEmpty()) {
      return all;
    }
    // The last state of this controller. It is removed together with other state only.
    return all.isEmpty() && !node.annotations().containsKey(Keys.LEADER_EPOCH)
        ? all
        : all.plus(MetadataChange.removal(node, Set.of(), Set.of(Keys.IMAGES_PRESENT)))
            .withoutAnnotations(Set.of(Keys.LEADER_EPOCH));
  }

  private MetadataChange removal(NodeView node) {
    Set<String> labels = new HashSet<>();
    if (marks) {
      labels.add(Keys.WARMED_UP);
    }
    if (images) {
      labels.add(Keys.IMAGES);
    }
    return MetadataChange.removal(node, labels, marks ? Keys.WARM_UP_ANNOTATIONS : Set.of());
  }

  private Optional<List<Taint>> taints(MetadataChange change, NodeView node) {
    if (taints.isEmpty()) {
      return change.taints();
    }
    List<Taint> all = change.taints().orElse(node.taints());
    return Optional.of(all.stream().filter(t -> !taints.contains(t.key())).toList());
  }

  private StatusChange status(StatusChange change, NodeView node) {
    return new StatusChange(
        change.condition(),
        change.setResources(),
        managed || resources ? change.removeResources() : Set.of(),
        marks && node.condition(Keys.WARMED_UP_CONDITION).isPresent());
  }
}
