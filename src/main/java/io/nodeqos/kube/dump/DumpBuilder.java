// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.dump;

import com.google.gson.JsonObject;
import io.nodeqos.kube.codec.CsiNodeCodec;
import io.nodeqos.kube.codec.DaemonSetCodec;
import io.nodeqos.kube.codec.ExtendedRequestCodec;
import io.nodeqos.kube.codec.NodeCodec;
import io.nodeqos.kube.codec.PodCodec;
import io.nodeqos.kube.codec.PolicyCodec;
import io.nodeqos.kube.codec.RevisionCodec;
import io.nodeqos.kube.codec.SpinnerDaemonSetCodec;
import io.nodeqos.kube.codec.SpinnerPodCodec;
import io.nodeqos.kube.wire.Interning;
import io.nodeqos.node.DaemonSetView;
import io.nodeqos.node.NodeView;
import io.nodeqos.node.PodView;
import io.nodeqos.node.SpinnerDaemonSet;
import io.nodeqos.node.SpinnerPod;
import io.nodeqos.policy.PolicyObject;
import io.nodeqos.policy.PolicyRevision;
import io.nodeqos.preview.ClusterSnapshot;
import io.nodeqos.preview.ClusterSnapshot.Controller;
import io.nodeqos.preview.ClusterSnapshot.ExtendedRequest;
import io.nodeqos.preview.ClusterSnapshot.Policies;
import io.nodeqos.preview.ClusterSnapshot.ReservedNamespace;
import io.nodeqos.preview.ClusterSnapshot.Spinners;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Collects the members of a dump, each decoded by the codec of the live list. */
final class DumpBuilder {
  private final DumpInfo info;
  private final Interning interning = new Interning();
  private final List<NodeView> nodes = new ArrayList<>();
  private final Map<String, Set<String>> csiDrivers = new HashMap<>();
  private final Map<String, List<PodView>> pods = new HashMap<>();
  private final Map<String, List<DaemonSetView>> daemonSets = new HashMap<>();
  private final List<PolicyObject> policies = new ArrayList<>();
  private final List<PolicyRevision> revisions = new ArrayList<>();
  private final List<SpinnerDaemonSet> spinners = new ArrayList<>();
  private final List<SpinnerPod> spinnerPods = new ArrayList<>();
  private final List<ExtendedRequest> requests = new ArrayList<>();
  private final List<JsonObject> leases = new ArrayList<>();
  private final List<JsonObject> events = new ArrayList<>();
  private final List<JsonObject> history = new ArrayList<>();
  private Optional<String> settings = Optional.empty();

  DumpBuilder(DumpInfo info) {
    this.info = info;
  }

  void settings(String yaml) {
    settings = Optional.of(yaml);
  }

  /** Reads one list; returns how many objects it has. */
  int list(String member, MemberList list) throws IOException {
    return switch (member) {
      case DumpMembers.NODES ->
          list.each(new NodeCodec(interning, info.nodeAnnotations()), nodes::add);
      case DumpMembers.CSI_NODES ->
          list.each(
              new CsiNodeCodec(interning), node -> csiDrivers.put(node.name(), node.drivers()));
      case DumpMembers.POLICIES -> list.each(new PolicyCodec(), policies::add);
      case DumpMembers.REVISIONS -> list.each(new RevisionCodec(), revisions::add);
      case DumpMembers.SPINNERS -> list.each(new SpinnerDaemonSetCodec(), spinners::add);
      case DumpMembers.SPINNER_PODS -> list.each(new SpinnerPodCodec(interning), spinnerPods::add);
      case DumpMembers.REQUESTS ->
          list.each(new ExtendedRequestCodec(interning), r -> r.ifPresent(requests::add));
      case DumpMembers.LEASES -> list.eachTree(leases::add);
      case DumpMembers.EVENTS -> list.eachTree(events::add);
      case DumpMembers.HISTORY -> list.eachTree(history::add);
      default -> namespaced(member, list);
    };
  }

  private int namespaced(String member, MemberList list) throws IOException {
    if (member.startsWith(DumpMembers.PODS_OF)) {
      List<PodView> of =
          pods.computeIfAbsent(namespace(member, DumpMembers.PODS_OF), n -> new ArrayList<>());
      return list.each(new PodCodec(interning), of::add);
    }
    if (member.startsWith(DumpMembers.DAEMON_SETS_OF)) {
      List<DaemonSetView> of =
          daemonSets.computeIfAbsent(
              namespace(member, DumpMembers.DAEMON_SETS_OF), n -> new ArrayList<>());
      return list.each(new DaemonSetCodec(interning), of::add);
    }
    // The namespaces, whose part in decisions the dump has listed, and members to come.
    return list.eachTree(object -> {});
  }

  private static String namespace(String member, String prefix) {
    return member.substring(prefix.length(), member.length() - DumpMembers.JSON.length());
  }

  Dump dump() {
    Map<String, ReservedNamespace> reserved = new HashMap<>();
    info.reserved()
        .forEach(
            (name, readable) ->
                reserved.put(
                    name,
                    new ReservedNamespace(
                        readable,
                        pods.getOrDefault(name, List.of()),
                        daemonSets.getOrDefault(name, List.of()))));
    ClusterSnapshot snapshot =
        new ClusterSnapshot(
            info.takenAt(),
            new Controller(info.namespace(), settings),
            nodes,
            csiDrivers,
            reserved,
            new Policies(policies, revisions),
            new Spinners(spinners, spinnerPods),
            info.members().containsKey(DumpMembers.REQUESTS)
                ? Optional.of(requests)
                : Optional.empty());
    return new Dump(info, snapshot, leases, events, history);
  }
}
