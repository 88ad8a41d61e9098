// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.e2e.traces;

import com.google.gson.JsonObject;
import io.nodeqos.e2e.rig.FaultRig;
import io.nodeqos.e2e.rig.Installation;
import io.nodeqos.e2e.rig.Member;
import io.nodeqos.e2e.rig.Poll;
import io.nodeqos.e2e.rig.Replica;
import io.nodeqos.e2e.rig.World;
import io.nodeqos.jaeger.Jaeger;
import io.nodeqos.jaeger.TraceSpan;
import io.nodeqos.realapi.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Two replicas that send their traces to a real Jaeger, on a control plane of its own that does so
 * as well. Each node of a test has another name, by which its traces are found.
 */
final class TraceRig implements AutoCloseable {
  static final String SERVICE = "node-qos-controller";

  private static final int REPLICAS = 2;
  private static final int MANY = 500;

  private final ControlPlane plane;
  private final Jaeger jaeger;
  private final List<Member> members;

  private TraceRig(ControlPlane plane, Jaeger jaeger, List<Member> members) {
    this.plane = plane;
    this.jaeger = jaeger;
    this.members = members;
  }

  static TraceRig start(ControlPlane shared, Jaeger jaeger) {
    ControlPlane plane =
        shared.another("--tracing-config-file=" + tracingOfTheServer(jaeger).toAbsolutePath());
    Installation installation = Installation.apply(plane).overlay("fast-failover");
    Map<String, String> settings = new HashMap<>(installation.election());
    settings.put("OTEL_EXPORTER_OTLP_ENDPOINT", jaeger.otlpGrpc().toString());
    settings.put("OTEL_BSP_SCHEDULE_DELAY", "200");
    List<Member> members = new ArrayList<>();
    String suffix = UUID.randomUUID().toString().substring(0, 4);
    for (int i = 0; i < REPLICAS; i++) {
      Replica replica = installation.replica("traced-" + i + "-" + suffix);
      members.add(Member.start(plane, replica, settings));
    }
    return new TraceRig(plane, jaeger, List.copyOf(members));
  }

  /** All requests are traced: the server begins a trace of its own for each, with a link. */
  private static Path tracingOfTheServer(Jaeger jaeger) {
    try {
      Path directory = Files.createDirectories(Path.of("target", "e2e"));
      return Files.writeString(
          Files.createTempFile(directory, "apiserver-tracing-", ".yaml"),
          """
          apiVersion: apiserver.config.k8s.io/v1beta1
          kind: TracingConfiguration
          endpoint: %s:%d
          samplingRatePerMillion: 1000000
          """
              .formatted(jaeger.otlpGrpc().getHost(), jaeger.otlpGrpc().getPort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A node that is configured and waits for its agent, which is not there yet. */
  World waitingNode() {
    World world = new World(plane);
    world.createPolicy("100m");
    // A node counts as new if it was made after the policy, by times of whole seconds.
    FaultRig.sleep(Duration.ofMillis(1100));
    world.createNode();
    world.nodeWaitingFor(world.agent().replace("/agent", ""));
    return world;
  }

  RolloutPool rolloutPool(int nodes) {
    return RolloutPool.create(plane, nodes);
  }

  /** The node once it carries another configuration, with its resources. */
  static JsonObject rewritten(World world, JsonObject before) {
    return Poll.until(
        "new configuration",
        world::readNode,
        node ->
            !World.label(node, "nodeqos.io/config-version")
                    .equals(World.label(before, "nodeqos.io/config-version"))
                && !gold(node).equals(gold(before)));
  }

  private static String gold(JsonObject node) {
    return World.text(node, "status", "allocatable", "nodeqos.io/gold-cpu");
  }

  /** The one that leads, once all are ready. */
  Member leader() {
    Poll.until(
        "replicas that are ready",
        () -> members.stream().filter(m -> m.run().isAlive() && !m.run().isReady()).toList(),
        List::isEmpty);
    return Poll.until(
            "leader",
            () -> members.stream().filter(m -> m.run().isAlive() && m.run().leads()).toList(),
            leaders -> leaders.size() == 1)
        .get(0);
  }

  /** All spans of the trace that the annotation names, once the one that it names is there. */
  Wrote wrote(JsonObject node) {
    String traceparent = World.text(node, "metadata", "annotations", "nodeqos.io/traceparent");
    String[] fields = traceparent.split("-");
    TraceSpan.Id id = new TraceSpan.Id(fields[1], fields[2]);
    return new Wrote(id, jaeger.trace(id.trace(), spans -> contains(spans, id)));
  }

  /**
   * A reconcile that wrote. A span is sent when it has ended, so that the children are there before
   * their parent.
   */
  record Wrote(TraceSpan.Id id, List<TraceSpan> trace) {
    TraceSpan root() {
      return spanOf(trace, id);
    }

    List<TraceSpan> children() {
      return childrenOf(trace, id);
    }

    TraceSpan child(String name) {
      return named(children(), name).get(0);
    }
  }

  /** The reconciles of a node, once some are as wanted; those, the oldest first. */
  List<TraceSpan> reconciles(String node, Predicate<TraceSpan> wanted) {
    return Poll.until(
        "such a reconcile of " + node,
        () ->
            named(spansOfNode("reconcile node", node), "reconcile node").stream()
                .filter(wanted)
                .sorted(Comparator.comparing(TraceSpan::start))
                .toList(),
        found -> !found.isEmpty());
  }

  /** All spans of traces in which there is a span with this name about this node. */
  private List<TraceSpan> spansOfNode(String name, String node) {
    return jaeger.traces(SERVICE, name, Map.of("k8s.node.name", node), MANY);
  }

  /** The requests of each reconcile of a node, in order, with the codes of the answers. */
  List<String> requests(World world) {
    Map<String, List<TraceSpan>> traces =
        spansOfNode("reconcile node", world.node()).stream()
            .filter(span -> "client".equals(span.tags().get("span.kind")))
            .sorted(Comparator.comparing(TraceSpan::start))
            .collect(Collectors.groupingBy(span -> span.id().trace()));
    return traces.values().stream()
        .map(
            spans ->
                spans.stream()
                    .map(span -> span.name() + " " + span.tags().get("http.response.status_code"))
                    .collect(Collectors.joining(", ")))
        .toList();
  }

  /** The root of the warm-up of a node, by the rule of the page on tracing. */
  static TraceSpan.Id warmUp(JsonObject node) {
    String of =
        "warm-up/%s/%s"
            .formatted(
                World.text(node, "metadata", "uid"),
                World.text(node, "status", "nodeInfo", "bootID"));
    try {
      String hash =
          HexFormat.of()
              .formatHex(
                  MessageDigest.getInstance("SHA-256").digest(of.getBytes(StandardCharsets.UTF_8)));
      return new TraceSpan.Id(hash.substring(0, 32), hash.substring(32, 48));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The trace of this id, once it has the span with this one. */
  List<TraceSpan> trace(TraceSpan.Id id) {
    return jaeger.trace(id.trace(), spans -> contains(spans, id));
  }

  /** The span with this name that a link leads to, once it is there. */
  TraceSpan linked(TraceSpan from, String name) {
    return Poll.until(
            "span " + name + " that a link of this one leads to: " + from,
            () ->
                from.links().stream()
                    .flatMap(id -> jaeger.trace(id.trace()).stream().filter(s -> s.id().equals(id)))
                    .filter(span -> span.name().equals(name))
                    .toList(),
            found -> !found.isEmpty())
        .get(0);
  }

  static List<TraceSpan> named(List<TraceSpan> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).toList();
  }

  static List<TraceSpan> childrenOf(List<TraceSpan> trace, TraceSpan.Id parent) {
    return trace.stream().filter(span -> span.parent().filter(parent::equals).isPresent()).toList();
  }

  static TraceSpan spanOf(List<TraceSpan> trace, TraceSpan.Id id) {
    return trace.stream().filter(span -> span.id().equals(id)).findFirst().orElseThrow();
  }

  private static boolean contains(List<TraceSpan> spans, TraceSpan.Id id) {
    return spans.stream().anyMatch(span -> span.id().equals(id));
  }

  /** The API server's spans of requests that link to this span. */
  Stream<TraceSpan> served(TraceSpan.Id request) {
    return jaeger.traces("apiserver", "", 2000).stream()
        .filter(span -> span.links().contains(request));
  }

  @Override
  public void close() {
    members.forEach(Member::close);
    plane.close();
  }
}
