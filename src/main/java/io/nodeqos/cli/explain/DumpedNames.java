// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.explain;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Taint;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.preview.ClusterSnapshot.ReservedNamespace;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of the objects in a dump. No API server has checked them, and an explanation puts them
 * into commands that its reader runs.
 */
final class DumpedNames {
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,253}$)[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

  private static final Pattern TAINT =
      Pattern.compile("(?=.{1,317}$)[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?:[A-Za-z]+");

  private DumpedNames() {}

  /** A name that no object of a cluster can have. */
  static Optional<String> impossible(ClusterSnapshot snapshot) {
    return Stream.concat(
            names(snapshot).filter(name -> !NAME.matcher(name).matches()),
            snapshot.nodes().stream()
                .map(NodeView::taints)
                .flatMap(taints -> taints.stream().map(DumpedNames::text))
                .filter(taint -> !TAINT.matcher(taint).matches()))
        .findFirst();
  }

  private static String text(Taint taint) {
    return taint.key() + ":" + taint.effect();
  }

  private static Stream<String> names(ClusterSnapshot snapshot) {
    return Stream.of(
            snapshot.nodes().stream().map(NodeView::name),
            snapshot.policies().objects().stream().map(policy -> policy.name()),
            snapshot.reserved().keySet().stream(),
            snapshot.reserved().values().stream().flatMap(DumpedNames::ofNamespace),
            snapshot.spinners().pods().stream()
                .flatMap(pod -> Stream.of(pod.meta().namespace(), pod.meta().name())),
            Stream.of(snapshot.controller().namespace()))
        .flatMap(names -> names);
  }

  private static Stream<String> ofNamespace(ReservedNamespace namespace) {
    return Stream.concat(
        namespace.pods().stream().flatMap(pod -> Stream.of(pod.namespace(), pod.name())),
        namespace.daemonSets().stream()
            .flatMap(daemonSet -> Stream.of(daemonSet.namespace(), daemonSet.name())));
  }
}
