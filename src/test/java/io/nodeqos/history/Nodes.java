// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import io.nodeqos.fixture.NodeFixture;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeCondition;
import io.nodeqos.node.NodeView;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** A node at the stations of its life, as the controller would leave it. */
final class Nodes {
  static final Instant BEGIN = Instant.parse("2026-03-01T10:00:00Z");
  static final Instant WARM = Instant.parse("2026-03-01T10:00:07.250Z");
  static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  static final String WAITING_FOR_PODS =
      "The warm-up has 1 blocker: pod kube-system/cilium-x is not Ready.";
  static final String WAITING_FOR_IMAGES = "The warm-up has 1 blocker: image a is missing.";

  private Nodes() {}

  static Set<String> policiesOf(String config) {
    return Set.of(config.split(","));
  }

  static NodeFixture bare(String name) {
    return NodeFixture.node(name);
  }

  /** The metadata patch: configured, in term 3. */
  static NodeFixture configured(String name, String version) {
    return bare(name)
        .label(Keys.CONFIG_VERSION, version)
        .annotation(Keys.CONFIG, "gold,base")
        .annotation(Keys.LEADER_EPOCH, "3")
        .annotation(Keys.TRACEPARENT, "00-" + TRACE + "-b7ad6b7169203331-01");
  }

  static NodeFixture waiting(String name, String reason, String message) {
    return configured(name, "v1")
        .condition(new NodeCondition(Keys.WARMED_UP_CONDITION, "False", reason, message, BEGIN));
  }

  static NodeFixture waiting(String name) {
    return waiting(name, "ReservedPodsNotReady", WAITING_FOR_PODS);
  }

  /** The first of the two patches that end a warm-up. */
  static NodeFixture marked(String name) {
    return mark(waiting(name));
  }

  private static NodeFixture mark(NodeFixture node) {
    return node.label(Keys.WARMED_UP, "true")
        .annotation(Keys.WARMED_UP_FOR, "uid-1/boot-1")
        .annotation(Keys.WARMED_UP_AT, WARM.toString());
  }

  static NodeFixture warm(String name, String message) {
    return mark(configured(name, "v1"))
        .condition(
            new NodeCondition(
                Keys.WARMED_UP_CONDITION,
                "True",
                "WarmedUp",
                message,
                Instant.parse("2026-03-01T10:00:07Z")));
  }

  static NodeFixture warm(String name) {
    return warm(name, "All gates are open.");
  }

  /** From joining to being warm. */
  static List<NodeView> life(String name) {
    return List.of(
        bare(name).build(),
        configured(name, "v1").build(),
        waiting(name).build(),
        waiting(name, "ImagesMissing", WAITING_FOR_IMAGES).build(),
        mark(waiting(name, "ImagesMissing", WAITING_FOR_IMAGES)).build(),
        warm(name).build());
  }
}
