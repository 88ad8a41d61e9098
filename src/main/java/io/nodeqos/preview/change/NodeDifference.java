// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.change;

import io.nodeqos.gate.BootEvidence;
import io.nodeqos.gate.ImageEvidence;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.plan.NodePlan;
import io.nodeqos.node.value.Quantity;
import io.nodeqos.preview.NodePreview;
import io.nodeqos.preview.change.Change.On;
import io.nodeqos.preview.change.Change.Op;
import io.nodeqos.reconcile.plan.Observation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The difference between two decisions about one node: what the node carries once the one is
 * written, or the other. A change that both decisions make is no difference.
 */
public final class NodeDifference {
  private final NodeView before;
  private final NodeView after;
  private final List<Change> changes = new ArrayList<>();

  private NodeDifference(NodeView before, NodeView after) {
    this.before = before;
    this.after = after;
  }

  /** In the order of a report; empty when the decisions have the same effect. */
  public static List<Change> between(NodePreview one, NodePreview other) {
    List<Change> images = images(one, other);
    if (other.plan().isConverged() || isSame(one.plan(), other.plan())) {
      // A node that is not written does not change, even if it would be written without the edit.
      return images;
    }
    NodeDifference difference =
        new NodeDifference(
            WrittenNode.of(one.seen().node(), one.plan()),
            WrittenNode.of(other.seen().node(), other.plan()));
    difference.labels();
    difference.config();
    difference.resources();
    difference.changes.addAll(images);
    difference.taints();
    difference.condition();
    difference.annotations();
    return List.copyOf(difference.changes);
  }

  private static boolean isSame(NodePlan one, NodePlan other) {
    return one.metadata().equals(other.metadata()) && one.status().equals(other.status());
  }

  private void labels() {
    texts(On.LABEL, before.labels(), after.labels());
  }

  private void config() {
    String was = before.annotations().get(Keys.CONFIG);
    String is = after.annotations().get(Keys.CONFIG);
    if (was == null ? is != null : !was.equals(is)) {
      texts(On.CONFIG, ConfigValues.on(before), ConfigValues.on(after));
    }
  }

  private void resources() {
    texts(
        On.ALLOCATABLE,
        quantities(before.status().allocatable()),
        quantities(after.status().allocatable()));
    texts(
        On.CAPACITY, quantities(before.status().capacity()), quantities(after.status().capacity()));
  }

  /** Counts of milli-cores and bytes, as agents and quotas name them. */
  private static Map<String, String> quantities(Map<String, Quantity> resources) {
    Map<String, String> texts = new HashMap<>();
    resources.forEach(
        (name, quantity) -> {
          if (Keys.isOwnResource(name)) {
            texts.put(name, Long.toString(quantity.floor()));
          }
        });
    return texts;
  }

  private void taints() {
    texts(On.TAINT, taints(before), taints(after));
  }

  private static Map<String, String> taints(NodeView node) {
    return node.taints().stream()
        .collect(
            Collectors.toMap(t -> t.key() + ":" + t.effect(), t -> "true", (one, other) -> one));
  }

  private void condition() {
    Optional<NodeCondition> was = before.condition(Keys.WARMED_UP_CONDITION);
    Optional<NodeCondition> is = after.condition(Keys.WARMED_UP_CONDITION);
    if (!was.map(NodeDifference::content).equals(is.map(NodeDifference::content))) {
      changes.add(
          Change.of(
              On.CONDITION,
              Keys.WARMED_UP_CONDITION,
              was.map(NodeDifference::text).orElse(""),
              is.map(NodeDifference::text).orElse("")));
    }
  }

  private static List<String> content(NodeCondition condition) {
    return List.of(condition.status(), condition.reason(), condition.message());
  }

  private static String text(NodeCondition condition) {
    return condition.status() + " " + condition.reason();
  }

  /** Their values are of one node each, and say nothing to a reader. */
  private void annotations() {
    Set<String> keys = new TreeSet<>(before.annotations().keySet());
    keys.addAll(after.annotations().keySet());
    keys.remove(Keys.CONFIG);
    for (String key : keys) {
      String was = before.annotations().get(key);
      String is = after.annotations().get(key);
      if (was == null || is == null || !was.equals(is)) {
        Op op = was == null ? Op.ADD : is == null ? Op.REMOVE : Op.REPLACE;
        changes.add(new Change(On.ANNOTATION, op, key, "", ""));
      }
    }
  }

  private void texts(On on, Map<String, String> was, Map<String, String> is) {
    if (was.equals(is)) {
      return;
    }
    Set<String> keys = new TreeSet<>(was.keySet());
    keys.addAll(is.keySet());
    for (String key : keys) {
      String one = was.getOrDefault(key, "");
      String other = is.getOrDefault(key, "");
      if (!one.equals(other)) {
        changes.add(Change.of(on, key, one, other));
      }
    }
  }

  /** Images that the node has to get, or no longer has to. */
  private static List<Change> images(NodePreview one, NodePreview other) {
    if (one.seen().config().sections().images().equals(other.seen().config().sections().images())
        && one.plan().leavesAlone() == other.plan().leavesAlone()) {
      return List.of();
    }
    Set<String> was = missing(one);
    Set<String> is = missing(other);
    Set<String> all = new TreeSet<>(was);
    all.addAll(is);
    return all.stream()
        .filter(ref -> was.contains(ref) != is.contains(ref))
        .map(ref -> new Change(On.IMAGE, is.contains(ref) ? Op.ADD : Op.REMOVE, ref, "", ""))
        .toList();
  }

  private static Set<String> missing(NodePreview preview) {
    Observation seen = preview.seen();
    if (preview.plan().leavesAlone()) {
      return Set.of();
    }
    BootEvidence boot =
        new BootEvidence(
            seen.node(), seen.memory().seeing(seen.node(), seen.now()).boot(), seen.now());
    return ImageEvidence.of(boot, seen.reserved(), seen.config())
        .map(e -> e.missing().stream().map(image -> image.ref()).collect(Collectors.toSet()))
        .orElse(Set.of());
  }
}
