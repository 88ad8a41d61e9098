// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.preview.warning;

import io.nodeqos.node.Keys;
import io.nodeqos.policy.spec.Section;
import io.nodeqos.preview.ClusterSnapshot.ExtendedRequest;
import io.nodeqos.preview.NodePreview;
import io.nodeqos.preview.warning.Warning.Code;
import io.nodeqos.preview.warning.Warning.Detail;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An extended resource of a node is less than its running pods request. The kubelet lets them run,
 * and no pod that requests it fits before enough of them have ended.
 */
final class ResourceBelowRequests implements WarningRule {
  @Override
  public List<Warning> check(DecidedFleet fleet) {
    if (fleet.requests().isEmpty()) {
      return List.of();
    }
    Map<String, List<ExtendedRequest>> byNode =
        fleet.requests().get().stream().collect(Collectors.groupingBy(ExtendedRequest::node));
    Map<String, Findings> found = new TreeMap<>();
    for (NodePreview node : fleet.nodes()) {
      List<ExtendedRequest> pods = byNode.getOrDefault(node.node(), List.of());
      pods.stream()
          .flatMap(pod -> pod.requests().keySet().stream())
          .filter(Keys::isOwnResource)
          .distinct()
          .forEach(
              resource ->
                  shortage(node, resource, pods)
                      .ifPresent(
                          line ->
                              found
                                  .computeIfAbsent(policy(node) + "/" + resource, Findings::new)
                                  .add(node.node(), line)));
    }
    return found.values().stream().map(Findings::warning).toList();
  }

  private static String policy(NodePreview node) {
    return node.seen().config().sources().getOrDefault(Section.QUOTA, "");
  }

  private static Optional<Detail> shortage(
      NodePreview node, String resource, List<ExtendedRequest> pods) {
    List<ExtendedRequest> asking =
        pods.stream()
            .filter(pod -> pod.requests().containsKey(resource))
            .sorted(
                Comparator.comparing((ExtendedRequest pod) -> pod.requests().get(resource))
                    .reversed()
                    .thenComparing(ExtendedRequest::namespace)
                    .thenComparing(ExtendedRequest::pod))
            .toList();
    long requested = asking.stream().mapToLong(pod -> pod.requests().get(resource).ceil()).sum();
    long left = DecidedFleet.planned(node, resource).floor();
    return requested <= left
        ? Optional.empty()
        : Optional.of(
            new Detail(
                node.node() + ": " + left + " is less than " + requested,
                asking.stream().map(pod -> pod.namespace() + "/" + pod.pod()).toList()));
  }

  private static final class Findings {
    private final String policy;
    private final String resource;
    private final List<String> nodes = new ArrayList<>();
    private final List<Detail> details = new ArrayList<>();

    Findings(String key) {
      int slash = key.indexOf('/');
      policy = key.substring(0, slash);
      resource = key.substring(slash + 1);
    }

    void add(String node, Detail detail) {
      nodes.add(node);
      details.add(detail);
    }

    Warning warning() {
      return new Warning(
          Code.RESOURCE_BELOW_REQUESTS,
          policy,
          resource,
          nodes,
          resource
              + " falls below the requests of the pods on "
              + (nodes.size() == 1 ? "node " + nodes.get(0) : nodes.size() + " nodes")
              + ". They keep running. No other pod that requests it fits there before enough of"
              + " them have ended.",
          details);
    }
  }
}
