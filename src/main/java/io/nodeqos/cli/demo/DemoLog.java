// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo;

import io.nodeqos.cli.demo.ApiWrite.Target;
import io.nodeqos.sim.http.RequestLog;
import io.nodeqos.sim.http.RequestLog.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the data of the summary from the API server's request log: the times of node registrations,
 * each committed write of the controller to nodes, policies and DaemonSets, and its LISTs. Writes
 * to its Lease are kept apart, its Events and access reviews are not counted. For one thread.
 */
final class DemoLog {

  private static final Pattern CONTROLLER =
      Pattern.compile("node-qos-controller/\\S+ \\(([^)]+)\\).*");
  private static final Set<String> WRITES =
      Set.of("create", "update", "patch", "delete", "deletecollection");

  private final RequestLog requests;
  private final List<ApiWrite> writes = new ArrayList<>();
  private final List<ApiWrite> leaseWrites = new ArrayList<>();
  private final List<Instant> lists = new ArrayList<>();
  private final Set<String> candidates = new HashSet<>();
  private final Map<String, Instant> registered = new HashMap<>();
  private Request lastRead;

  /**
   * The log so far.
   *
   * @param registered when each node's registration was answered
   * @param writes of the controller, without those to its Lease
   * @param leaseWrites to the Lease, by any client
   * @param lists when each LIST request of the controller for whole objects was received
   */
  record Entries(
      Map<String, Instant> registered,
      List<ApiWrite> writes,
      List<ApiWrite> leaseWrites,
      List<Instant> lists) {}

  DemoLog(RequestLog requests) {
    this.requests = requests;
  }

  /**
   * Reads the new entries of the log since the last call; must come before the log drops old
   * requests.
   */
  void read() {
    List<Request> all = requests.all();
    int first = all.size();
    while (first > 0 && all.get(first - 1) != lastRead) {
      first--;
    }
    for (Request request : all.subList(first, all.size())) {
      accept(request);
      lastRead = request;
    }
  }

  void accept(Request request) {
    if (request.code() / 100 != 2) {
      return;
    }
    if (request.verb().equals("create") && target(request).equals(Optional.of(Target.NODE))) {
      registered.putIfAbsent(request.name(), request.completed());
    }
    String podUid = podUid(request);
    if (request.verb().equals("list") && !request.metadataOnly() && !podUid.isEmpty()) {
      lists.add(request.received());
    }
    if (request.verb().equals("watch") && request.resource().equals("leases")) {
      candidates.add(podUid);
    }
    if (WRITES.contains(request.verb())) {
      target(request).ifPresent(target -> accept(request, target, podUid));
    }
  }

  private void accept(Request request, Target target, String podUid) {
    ApiWrite write =
        new ApiWrite(
            request.received(),
            request.completed(),
            target,
            request.name(),
            version(request),
            podUid);
    if (target == Target.LEASE) {
      leaseWrites.add(write);
    } else if (!podUid.isEmpty()) {
      writes.add(write);
    }
  }

  /** A copy of all data so far. */
  Entries entries() {
    return new Entries(
        Map.copyOf(registered), List.copyOf(writes), List.copyOf(leaseWrites), List.copyOf(lists));
  }

  /** The controller's writes so far, in the order of the answers. */
  List<ApiWrite> writes() {
    return Collections.unmodifiableList(writes);
  }

  /**
   * How many replicas have started to watch the Lease, which they do when their caches are full.
   */
  int candidateCount() {
    return (int) candidates.stream().filter(podUid -> !podUid.isEmpty()).count();
  }

  /** The controller's writes to nodes and their status so far. */
  int nodeWriteCount() {
    return (int) writes.stream().filter(write -> write.target().isNode()).count();
  }

  private static Optional<Target> target(Request request) {
    return switch (request.group() + "/" + request.resource()) {
      case "/nodes" ->
          Optional.of(request.subresource().equals("status") ? Target.NODE_STATUS : Target.NODE);
      case "nodeqos.io/nodeqospolicies" -> Optional.of(Target.POLICY);
      case "apps/daemonsets" -> Optional.of(Target.DAEMON_SET);
      case "coordination.k8s.io/leases" ->
          Optional.of(Target.LEASE).filter(lease -> request.name().equals(DemoLeases.NAME));
      default -> Optional.empty();
    };
  }

  /** The replica that sent it; empty when another client did. */
  private static String podUid(Request request) {
    Matcher controller = CONTROLLER.matcher(request.userAgent());
    return controller.matches() ? controller.group(1) : "";
  }

  private static long version(Request request) {
    return request.resourceVersion().isEmpty() ? 0 : Long.parseLong(request.resourceVersion());
  }
}
