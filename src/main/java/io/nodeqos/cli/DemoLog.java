// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import io.nodeqos.cli.ApiWrite.Target;
import io.nodeqos.sim.RequestLog;
import io.nodeqos.sim.RequestLog.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes from the API server's request log what the summary counts: when nodes registered, and each
 * write of the controller that was carried out on nodes, policies and DaemonSets. Its Leases,
 * Events and access reviews are not counted. For one thread.
 */
final class DemoLog {

  private static final String CONTROLLER = "node-qos-controller/";
  private static final Set<String> WRITES =
      Set.of("create", "update", "patch", "delete", "deletecollection");

  private final RequestLog requests;
  private final List<ApiWrite> writes = new ArrayList<>();
  private final Map<String, Instant> registered = new HashMap<>();
  private Request lastRead;

  DemoLog(RequestLog requests) {
    this.requests = requests;
  }

  /** Reads what was logged since the last call; must come before the log drops old requests. */
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
    if (request.userAgent().startsWith(CONTROLLER) && WRITES.contains(request.verb())) {
      target(request)
          .ifPresent(
              target ->
                  writes.add(
                      new ApiWrite(
                          request.received(),
                          request.completed(),
                          target,
                          request.name(),
                          version(request))));
    }
  }

  /** When each node's registration was answered. */
  Map<String, Instant> registered() {
    return Map.copyOf(registered);
  }

  /** The controller's writes so far, in the order of the answers. */
  List<ApiWrite> writes() {
    return List.copyOf(writes);
  }

  int writeCount() {
    return writes.size();
  }

  /** Whether a controller began to watch nodes with this request. */
  static boolean isControllersNodeWatch(Request request) {
    return request.userAgent().startsWith(CONTROLLER)
        && request.verb().equals("watch")
        && request.code() == 200
        && target(request).equals(Optional.of(Target.NODE));
  }

  private static Optional<Target> target(Request request) {
    return switch (request.group() + "/" + request.resource()) {
      case "/nodes" ->
          Optional.of(request.subresource().equals("status") ? Target.NODE_STATUS : Target.NODE);
      case "nodeqos.io/nodeqospolicies" -> Optional.of(Target.POLICY);
      case "apps/daemonsets" -> Optional.of(Target.DAEMON_SET);
      default -> Optional.empty();
    };
  }

  private static long version(Request request) {
    return request.resourceVersion().isEmpty() ? 0 : Long.parseLong(request.resourceVersion());
  }
}
