// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.warmup;

import io.nodeqos.e2e.rig.GateWorld;
import io.nodeqos.e2e.rig.World;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * A gate and its blocker.
 *
 * @param spec of a policy, with the gate's fields of the timeout for {@code %s}
 * @param blocked makes a node of this name for which the gate is closed
 * @param blocker in the message, with the node's name for {@code NODE}
 * @param evidence opens the gate
 */
record GateCase(
    String gate,
    String spec,
    BiConsumer<GateWorld, String> blocked,
    String reason,
    String blocker,
    BiConsumer<GateWorld, String> evidence) {
  @Override
  public String toString() {
    return gate;
  }

  String spec(GateWorld world, String node, String timing) {
    return spec.replace("NAMESPACE", world.namespace).replace("NODE", node).formatted(timing);
  }

  String blocker(GateWorld world, String node) {
    return blocker.replace("NAMESPACE", world.namespace).replace("NODE", node);
  }

  static Stream<GateCase> all() {
    return Stream.of(
        new GateCase(
            "nodeReady",
            "'warmUp': {'nodeReady': {%s}}",
            (world, node) -> world.node(node, false),
            "NodeNotReady",
            "the node is not Ready",
            (world, node) -> world.ready(node, true)),
        new GateCase(
            "conditions",
            "'warmUp': {'conditions': [{'type': 'example.com/Broken', 'status': 'False', %s}]}",
            (world, node) -> world.node(node, true),
            "ConditionNotMet",
            "condition example.com/Broken is absent, expected False",
            (world, node) -> world.condition(node, "example.com/Broken", "False")),
        new GateCase(
            "reservedPods",
            "'warmUp': {'reservedPods': [{'namespace': 'NAMESPACE',"
                + " 'selector': {'matchLabels': {'app': 'NODE'}}, %s}]}",
            (world, node) -> {
              world.node(node, true);
              world.pod("agent-" + node, node);
            },
            "ReservedPodsNotReady",
            "pod NAMESPACE/agent-NODE is not Ready",
            (world, node) -> world.podReady("agent-" + node)),
        new GateCase(
            "resources",
            "'warmUp': {'resources': [{'name': 'example.com/gpu', %s}]}",
            (world, node) -> world.node(node, true),
            "ResourcesMissing",
            "resource example.com/gpu is not allocatable",
            (world, node) ->
                world.status(
                    node,
                    "\"capacity\": {\"example.com/gpu\": \"1\"},"
                        + "\"allocatable\": {\"example.com/gpu\": \"1\"}")),
        new GateCase(
            "csiDrivers",
            "'warmUp': {'csiDrivers': [{'name': 'csi.example.com', %s}]}",
            (world, node) -> {
              world.node(node, true);
              world.csiNode(node);
            },
            "CSIDriversMissing",
            "CSI driver csi.example.com is not registered",
            (world, node) -> world.csiDriver(node, "csi.example.com")),
        new GateCase(
            "images",
            "'images': [{'ref': 'registry.example.com/a:1'}], 'warmUp': {'images': {%s}}",
            (world, node) -> world.node(node, true),
            "ImagesMissing",
            "image registry.example.com/a:1 is missing",
            (world, node) ->
                world.status(node, "\"images\": [{\"names\": [\"registry.example.com/a:1\"]}]")),
        new GateCase(
            "configApplied",
            "'quota': {'classes': [{'name': 'gold', 'cpu': {'weight': 100}}]},"
                + " 'warmUp': {'configApplied': {%s}}",
            (world, node) -> world.node(node, true),
            "ConfigNotApplied",
            "no node agent has applied config version ",
            (world, node) ->
                world.annotate(
                    node,
                    "nodeqos.io/applied-version",
                    World.label(world.node(node), "nodeqos.io/config-version"))));
  }
}
